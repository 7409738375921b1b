import type { Method } from './domains/index.ts'

/**
 * Requests that may be sent again when nobody knows whether they were carried out, because the server
 * was restarted: carrying them out twice leaves what once leaves. All others fail then.
 */
export const REPEATABLE: ReadonlySet<string> = new Set<Method>([
  // Its key names the meeting.
  'meetings.create',
  'meetings.destroy',
  'meetings.list',
  'meetings.resolve',
  'meetings.enter',
  'meetings.exit',
  'queues.init',
  'queues.statuses',
  'queues.join',
  'queues.leave',
  'queues.serve',
  // Its key names the message.
  'im.send',
  'im.history',
  'pages.switch',
  'pages.setWall',
  'pages.setMainVideo',
  'members.openMic',
  'members.openCamera',
  'members.close',
  'members.setDevices',
  'netdisk.summary',
  'netdisk.list',
  'netdisk.upload',
  'netdisk.unfinished',
  'netdisk.finish',
  'netdisk.cancel',
  'netdisk.download',
  'netdisk.remove',
  'board.edit',
  'board.read',
  'board.point',
  'screen.start',
  'screen.resize',
  'screen.stop',
  'screen.release',
  'screen.mark',
  'screen.unmark',
  'screen.marks',
  'media.start',
  'media.move',
  'media.stop',
])
