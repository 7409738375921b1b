import { LIMITS } from '@yuntang/protocol'

/** Work directory until the page gives another (spec 00 §9). */
export const DEFAULT_WORK = '/CloudroomVideoSDK'

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]+:\/\//
const ABSOLUTE = /^(?:\/|[a-zA-Z][a-zA-Z0-9+.-]*:)/
/** Below the work directory these match without regard to case (spec 10 §1.1). */
const OWN_DIRS = ['record', 'media', 'img', 'Temp', 'NetDisk']
const FAKE = /^C:\/fakepath\//

/** `\` is `/`, and repeated separators are one except in `scheme://` (spec 00 §9). */
export const normalize = (path: string): string => {
  const slashes = path.replaceAll('\\', '/')
  const scheme = SCHEME.exec(slashes)?.[0] ?? ''
  return scheme + slashes.slice(scheme.length).replace(/\/{2,}/g, '/')
}

/** The path's key in the store; a relative one starts at the work directory. */
export const resolvePath = (path: string, work: string): string => {
  const whole = normalize(ABSOLUTE.test(path.replaceAll('\\', '/')) ? path : `${work}/${path}`)
  if (work === '' || !whole.startsWith(`${work}/`)) return whole
  const [first = '', ...rest] = whole.slice(work.length + 1).split('/')
  const own = rest.length > 0 && OWN_DIRS.find((dir) => dir.toLowerCase() === first.toLowerCase())
  return own ? [work, own, ...rest].join('/') : whole
}

/** The longest path of the store, UTF-16 units. */
export const MAX_PATH = 2048

/** Whether a file may lie there. */
export const isFilePath = (path: string): boolean =>
  path.length <= MAX_PATH && lastComponent(path) !== ''

export const lastComponent = (path: string): string => normalize(path).split('/').at(-1) ?? ''

/** The name of a chosen file that a path may mean: `C:\fakepath\name` or a name alone; else null. */
export const chosenName = (path: string): string | null => {
  const key = normalize(path)
  const name = key.replace(FAKE, '')
  return name !== '' && !name.includes('/') ? name : null
}

/** A name that another page gave, fit to be the last component of a path of ours. */
export const safeName = (name: string): string => {
  const last = lastComponent(name)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
    .replace(/[\u0000-\u001f\u007f]/g, '')
    .slice(0, LIMITS.fileNameChars)
    .replace(/[\ud800-\udbff]$/, '')
  return last === '' || last === '.' || last === '..' ? 'file' : last
}
