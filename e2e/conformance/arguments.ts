import surface from './surface.json' with { type: 'json' }

/** What each documented parameter may hold when a handler gets it (spec 00 §15). */
type Check = (value: unknown) => boolean

const text: Check = (v) => typeof v === 'string'
const textOrObject: Check = (v) => typeof v === 'string' || (typeof v === 'object' && v !== null)
const int: Check = (v) => Number.isInteger(v)
const seconds: Check = (v) => Number.isFinite(v) && (v as number) >= 0
const array: Check = (v) => Array.isArray(v)
const object: Check = (v) => typeof v === 'object' && v !== null && !Array.isArray(v)
const flag: Check = (v) => v === 0 || v === 1
const anything: Check = () => true

const BY_NAME: Record<string, Check> = {
  sdkErr: int,
  cookie: anything,
  level: (v) => int(v) && (v as number) >= 0 && (v as number) <= 10,
  oldStatus: int,
  newStatus: int,
  oldLevel: int,
  newLevel: int,
  videoID: int,
  videoId: int,
  frmTime: int,
  aSide: flag,
  state: int,
  percent: int,
  isSucceed: flag,
  isUpload: flag,
  status: int,
  queID: int,
  mainPage: int,
  model: int,
  boardPageNo: int,
  x: int,
  y: int,
  w: int,
  h: int,
  reason: int,
  pause: flag,
  setPTS: seconds,
  curPos: seconds,
  totalTime: seconds,
  diskLimit: int,
  diskUsed: int,
  sendTime: int,
  sendedLen: int,
  totalLen: int,
  finisedSize: int,
  totalSize: int,
  rslt: int,
  usersStatus: array,
  jsonMeetings: array,
  BoardObjs: array,
  elementDatas: array,
  fileList: array,
  meetObj: object,
  userStatus: object,
  user: object,
  queStatus: object,
  queuingInfo: object,
  jsonBoard: object,
  subPage: object,
  element: object,
  rect: object,
  data: textOrObject,
  text: textOrObject,
  usrExtDat: textOrObject,
  rspHeader: textOrObject,
  rspContent: textOrObject,
}

interface Slot {
  readonly name: string
  readonly params: readonly string[]
  /** What a handler gets that declares four parameters (spec 00 §3, arity adaptation). */
  readonly ifLength4?: readonly string[]
}

const slots = new Map((surface.callbacks as readonly Slot[]).map((c) => [c.name, c]))

/** Null when the arguments of a slot are as documented, otherwise what is wrong. */
export const wrongArguments = (slot: string, args: readonly unknown[]): string | null => {
  const documented = slots.get(slot)
  if (!documented) return 'no such slot'
  const names = (args.length === 4 && documented.ifLength4) || documented.params
  const required = names.filter((n) => !n.endsWith('?')).length
  if (args.length < required || args.length > names.length)
    return `${args.length} arguments instead of ${required}…${names.length}`
  for (const [i, value] of args.entries()) {
    const name = (names[i] as string).replace('?', '')
    if (!(BY_NAME[name] ?? text)(value)) return `${name} is ${JSON.stringify(value)}`
  }
  return null
}
