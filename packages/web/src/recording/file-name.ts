const two = (value: number) => String(value).padStart(2, '0')

/** What no file system takes, and what would make folders. */
const FORBIDDEN = /[\p{Cc}\\/:*?"<>|]+/gu

/** `2026-11-29 14.05.09`, local time: sorts by age. */
export const stamp = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
  `${two(at.getHours())}.${two(at.getMinutes())}.${two(at.getSeconds())}`

/** A path for a recording in its folder: when and what, without anything a file name may not hold. */
export const recordPath = (folder: string, subject: string, at: Date): string => {
  const words = subject.replace(FORBIDDEN, ' ').trim().replace(/\s+/g, ' ').slice(0, 60)
  return `${folder}/${[stamp(at), words].filter(Boolean).join(' ')}.mp4`
}

export const lastPart = (path: string): string => path.split(/[\\/]/).at(-1) ?? path

/** Browsers that cannot write MP4 record WebM under the same name: what is saved says what it is. */
export const savedName = (path: string, mimeType: string): string =>
  mimeType.startsWith('video/webm') ? lastPart(path).replace(/\.mp4$/i, '.webm') : lastPart(path)
