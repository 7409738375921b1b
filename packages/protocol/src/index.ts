export * from './auth-refusal.ts'
export * from './contract.ts'
export {
  Board,
  BoardAction,
  BoardDraft,
  BoardElement,
  BoardFact,
  BoardPart,
  BoardSummary,
  board,
} from './domains/board.ts'
export { CallEnd, CallMeeting, CallMeetingRef, CurrentCall, calls } from './domains/calls.ts'
export { channel, TaskError, TransferKind } from './domains/channel.ts'
export { evidence } from './domains/evidence.ts'
export { ImMessage, im } from './domains/im.ts'
export * from './domains/index.ts'
export { type MediaStopReason, media, SharedPlay } from './domains/media.ts'
export { MeetingInfo, MeetingSnapshot, meetings } from './domains/meetings.ts'
export { Camera, DeviceStatus, Devices, Member, members } from './domains/members.ts'
export { NetFile, netdisk, UnfinishedFile } from './domains/netdisk.ts'
export { PagesState, pages } from './domains/pages.ts'
export { phones } from './domains/phones.ts'
export { presence, UserStatus } from './domains/presence.ts'
export {
  Offer,
  QueueInfo,
  QueueStatus,
  Queuing,
  queues,
  SessionInfo,
} from './domains/queues.ts'
export { records, StoredRecord } from './domains/records.ts'
export { PublishedTrack, ReceivedTrack, Relays, rtc, VideoWatch } from './domains/rtc.ts'
export { KeyInput, Mark, MouseInput, ScreenShare, ShareRect, screen } from './domains/screen.ts'
export { session } from './domains/session.ts'
export * from './errors.ts'
export * from './evidence/index.ts'
export * from './first-pages.ts'
export * from './limits.ts'
export * from './repeat.ts'
export { UserID } from './schema.ts'
export * from './wire/chunk.ts'
export * from './wire/frame.ts'
