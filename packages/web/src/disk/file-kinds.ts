import type { IconName } from '../ui/icons.ts'

const ENDINGS: readonly (readonly [IconName, string])[] = [
  ['picture', 'png jpg jpeg gif webp bmp svg heic heif avif tif tiff ico psd'],
  ['film', 'mp4 m4v mov webm mkv avi wmv flv mpg mpeg 3gp'],
  ['sound', 'mp3 wav m4a aac ogg oga opus flac wma amr'],
  ['table', 'xls xlsx xlsm ods csv tsv numbers et'],
  ['slides', 'ppt pptx pps ppsx odp key dps'],
  ['document', 'pdf doc docx odt rtf pages wps epub'],
  ['script', 'txt md log json xml html htm yml yaml ini srt'],
  ['archive', 'zip rar 7z tar gz tgz bz2 xz iso'],
]
const ICON_OF = new Map(
  ENDINGS.flatMap(([icon, endings]) => endings.split(' ').map((ending) => [ending, icon] as const)),
)

/** What a file probably is, by the ending of its name. */
export const iconOf = (name: string): IconName =>
  ICON_OF.get(/\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? '') ?? 'file'

/** Whether every browser shows it as a picture. */
export const isShown = (name: string): boolean => /\.(png|jpe?g|gif|webp|bmp|avif)$/i.test(name)

/** Characters before the ending that stay with it. */
const KEPT = 3
const LONGEST_ENDING = 9

/**
 * A name in two parts: where there is no room for all of it the first is cut, so that its ending stays
 * to be seen.
 */
export const splitName = (name: string): readonly [string, string] => {
  const letters = [...name]
  const ending = /\.[^.]*$/.exec(name)?.[0] ?? ''
  if (ending === '' || ending.length > LONGEST_ENDING) return [name, '']
  const at = Math.max(0, letters.length - [...ending].length - KEPT)
  return [letters.slice(0, at).join(''), letters.slice(at).join('')]
}
