/**
 * The error table: append-only, codes are never reused.
 * `sdk` is the number that the classic API delivers (spec 01); `text` is what a person may read.
 */
export const ERRORS = {
  unknown: { sdk: 1, text: 'Unknown error' },
  internal: { sdk: 8, text: 'The server failed while handling the request' },
  'protocol.version': { sdk: 4, text: 'This SDK version is not supported by the server' },
  'param.invalid': { sdk: 5, text: 'A parameter is missing or out of range' },
  'frame.invalid': { sdk: 6, text: 'The message could not be read' },
  'frame.too-large': { sdk: 6, text: 'The message is too large' },
  'rate.exceeded': { sdk: 202, text: 'Too many requests; slow down' },
  'method.unknown': { sdk: 3, text: 'The server does not know this request' },
  'login.required': { sdk: 9, text: 'Log in first' },
  'login.state': { sdk: 9, text: 'Not possible in the present login state' },
  'login.refused': { sdk: 7, text: 'Account or password is wrong' },
  'login.throttled': { sdk: 7, text: 'Too many failed logins; wait a minute' },
  'auth.missing': { sdk: 14, text: 'This account needs an auth code' },
  'auth.unsupported': { sdk: 15, text: 'This account takes no auth code' },
  'auth.unreachable': { sdk: 16, text: 'The user check could not be reached' },
  'auth.refused': { sdk: 17, text: 'The user check refused this user' },
  'session.replaced': { sdk: 10, text: 'The same user logged in elsewhere' },
  'session.unknown': { sdk: 207, text: 'The server no longer knows this session' },
  'session.closed': { sdk: 206, text: 'The server closed the session' },
  'connection.none': { sdk: 201, text: 'No usable server address' },
  'connection.failed': { sdk: 203, text: 'The server could not be reached' },
  'connection.socket': { sdk: 204, text: 'The connection broke' },
  'connection.timeout': { sdk: 205, text: 'The connection stopped answering' },
  'connection.lost': { sdk: 207, text: 'The connection was lost' },
  'request.timeout': { sdk: 202, text: 'The server did not answer in time' },
  'request.replaced': { sdk: 206, text: 'A newer request took its place' },
  'permission.denied': { sdk: 9, text: 'You are not permitted to do this' },
  'identity.taken': { sdk: 9, text: 'This user ID belongs to another logged-in session' },
  'meeting.unknown': { sdk: 800, text: 'The meeting does not exist or has ended' },
  'meeting.password': { sdk: 801, text: 'The meeting password is wrong' },
  'meeting.full': { sdk: 802, text: 'The meeting is full' },
  'meeting.limit': { sdk: 803, text: 'No further meeting can be made' },
  'meeting.locked': { sdk: 804, text: 'The meeting is locked' },
  'meeting.outside': { sdk: 800, text: 'You are not in a meeting' },
  'seat.taken-over': { sdk: 10, text: 'Your seat was just taken over by another page' },
  'member.unknown': { sdk: 5, text: 'No such member' },
  'device.none': { sdk: 5, text: 'There is no such device' },
  'mic.limit': { sdk: 9, text: 'Too many microphones are open' },
  'media.failed': { sdk: 803, text: 'The media connection could not be set up' },
  'media.stale': { sdk: 803, text: 'The media negotiation is out of date' },
  'call.unknown': { sdk: 600, text: 'There is no such call, or it has ended' },
  'call.exists': { sdk: 601, text: 'You are already in a call' },
  'call.busy': { sdk: 602, text: 'The other side is busy or does not want to be disturbed' },
  'call.offline': { sdk: 603, text: 'The other side is not online' },
  'call.unanswered': { sdk: 604, text: 'No answer' },
  'call.no-user': { sdk: 605, text: 'There is no such user' },
  'phone.unreachable': { sdk: 8, text: 'The telephone trunk cannot be reached' },
  'phone.unauthorised': {
    sdk: 7,
    text: 'The telephone trunk refuses the server’s user or password',
  },
  'phone.busy': { sdk: 602, text: 'No further telephone call can be made now' },
  'call.refused': { sdk: 606, text: 'The other side refused' },
  'channel.failed': { sdk: 1000, text: 'Sending failed' },
  'channel.command-too-large': { sdk: 1100, text: 'The command is too large' },
  'channel.too-large': { sdk: 1101, text: 'The data is too large' },
  'channel.offline': { sdk: 1102, text: 'The target user is not online' },
  'files.unreadable': { sdk: 1103, text: 'The file cannot be read' },
  'channel.too-late': { sdk: 1104, text: 'There is no such unfinished task' },
  'files.full': { sdk: 902, text: 'There is no room for the file' },
  'recording.limit': { sdk: 901, text: 'A recording lasts 8 hours at most' },
  'recording.encoder': { sdk: 3, text: 'The browser cannot encode this recording' },
  'recording.state': { sdk: 9, text: 'A recording runs already' },
  'queue.unknown': { sdk: 400, text: 'There is no such queue, or you may not serve it' },
  'queue.nobody': { sdk: 401, text: 'Nobody is waiting' },
  'queue.gone': { sdk: 402, text: 'The customer is no longer waiting or assigned' },
  'queue.not-serving': { sdk: 403, text: 'You do not serve this queue' },
  'queue.elsewhere': { sdk: 404, text: 'You are already in another queue' },
  'queue.busy': { sdk: 601, text: 'You are in a call or have a customer already' },
  'queue.full': { sdk: 802, text: 'The queue is full' },
  'file.unknown': { sdk: 5, text: 'There is no such file' },
  'file.owner': { sdk: 9, text: 'This file belongs to somebody else' },
  'file.incomplete': { sdk: 1000, text: 'Not every byte of the file has arrived' },
  'file.changed': { sdk: 1000, text: 'The file is not the one whose upload was begun' },
  'file.busy': { sdk: 1000, text: 'A transfer of this file is running' },
  'disk.full': { sdk: 1000, text: 'There is not enough room on the net disk' },
  'im.failed': { sdk: 1000, text: 'The message could not be sent' },
  'im.rate': { sdk: 1000, text: 'Too many messages; slow down' },
  'im.forbidden': { sdk: 1001, text: 'The text contains a forbidden word' },
  'im.too-large': { sdk: 1100, text: 'The message is too long' },
  'im.absent': { sdk: 1102, text: 'This user is not in the meeting' },
  'screen.taken': { sdk: 803, text: 'Somebody else is sharing' },
  'screen.none': { sdk: 900, text: 'You are not sharing' },
  'screen.capture': { sdk: 900, text: 'The screen could not be captured' },
  'playing.taken': { sdk: 5, text: 'Somebody else is playing media' },
  'playing.none': { sdk: 5, text: 'You are not playing media' },
  'playing.busy': { sdk: 5, text: 'You are playing media already' },
  'playing.damaged': { sdk: 1103, text: 'The media file is damaged' },
  'playing.unsupported': { sdk: 1103, text: 'This browser cannot play the media file' },
  'playing.failed': { sdk: 3, text: 'The media cannot be played' },
  'feature.missing': { sdk: 3, text: 'This function is not available yet' },
} as const satisfies Record<string, { sdk: number; text: string }>

/** Stable error code on the wire and in the typed SDK. */
export type ErrorCode = keyof typeof ERRORS

/** True for a code of the table. */
export const isErrorCode = (code: unknown): code is ErrorCode =>
  typeof code === 'string' && Object.hasOwn(ERRORS, code)

/** An error with a code of the table; the only kind that crosses the wire. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError'
  constructor(
    readonly code: ErrorCode,
    detail?: string,
  ) {
    super(detail ?? ERRORS[code].text)
  }
}
