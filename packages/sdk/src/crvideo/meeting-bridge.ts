import { FIRST_PAGES } from '@yuntang/protocol'
import type { DeviceStatus, EndReason, Meeting, Pages, Unsubscribe } from '../api.ts'
import type { MeetingSource } from './container/meeting-source.ts'
import type { Delivery, EmitOptions } from './delivery.ts'
import { mediaSlots } from './media-slots.ts'
import type { SlotName } from './slot-names.ts'

/** `MicEnergyUpdate` counts half of the 0–10 level, rounded up (spec 08 §5). */
export const halfLevel = (level: number): number => Math.ceil(level / 2)

/**
 * One meeting's events on their way to the slots. Nothing passes before the entry's result, and
 * nothing after {@link MeetingBridge.close} (spec 07 §2.2, §3).
 */
export class MeetingBridge {
  private readonly subscriptions: Unsubscribe[]
  private held: (() => void)[] | null = []
  private alive = true
  /** The entry's result is on its way, the boards of the meeting are not here yet. */
  private waitsForBoards = false
  /** What all looked at on entry; null once it is told. */
  private entryPages: Pick<Pages, 'main' | 'sub' | 'wall' | 'mainVideo' | 'mainVideoBy'> | null

  constructor(
    readonly meeting: Meeting,
    private readonly delivery: Delivery,
    private readonly containers: MeetingSource,
    private readonly onEnded: (reason: EndReason) => void,
  ) {
    const { main, sub, wall, mainVideo, mainVideoBy } = meeting.pages
    this.entryPages = { main, sub, wall, mainVideo, mainVideoBy }
    this.subscriptions = this.subscribe()
  }

  /** The entry's result is on its way: events may follow it. */
  open(): void {
    this.waitsForBoards = !this.meeting.board.ready
    if (!this.waitsForBoards) this.begin()
  }

  /** In the order of spec 07 §2.2. */
  private begin(): void {
    this.tellBoards()
    this.sendPages()
    this.sendShare()
    this.sendMedia()
    const held = this.held ?? []
    this.held = null
    for (const run of held) run()
  }

  /** What differed from a new meeting; what happened since then follows it (spec 07 §2.2, 4). */
  private sendPages(): void {
    const now = this.meeting.pages
    const pages = this.entryPages ?? now
    this.entryPages = null
    // My own switch since then is not taken back.
    const isLeft = now.by === this.meeting.me && (now.main !== pages.main || now.sub !== pages.sub)
    if (!isLeft && (pages.main !== FIRST_PAGES.main || pages.sub !== FIRST_PAGES.sub))
      this.send('NotifySwitchToPage', [pages.main, pages.sub])
    if (pages.wall !== FIRST_PAGES.wall) this.send('NotifyVideoWallMode', [pages.wall])
    if (pages.mainVideo !== FIRST_PAGES.mainVideo)
      this.send('NotifyMainVideoChanged', [pages.mainVideoBy, pages.mainVideo])
  }

  /** A running share (spec 07 §2.2, 5). */
  private sendShare(): void {
    const { screen, me } = this.meeting
    if (screen.sharer === '' || screen.sharer === me) return
    this.send('NotifyScreenShareStarted', [screen.sharer])
    this.tellShareArea()
    if (screen.holder !== '') this.send('NotifyGiveCtrlRight', [screen.sharer, screen.holder])
  }

  /** Running media (spec 07 §2.2, 6). */
  private sendMedia(): void {
    const { current } = this.meeting.media
    if (!current || current.userID === this.meeting.me) return
    this.send('NotifyMediaStart', [current.userID])
    if (current.paused) this.send('NotifyMediaPause', [current.userID, 1])
  }

  /** Handlers of four arguments get the place first (spec 09 §3). */
  tellShareArea(): void {
    const { area } = this.meeting.screen
    if (!area) return
    const { x, y, w, h } = area
    this.send('NotifyShareRectChanged', [w, h], { ifLength4: [x, y, w, h] })
  }

  /** Ends all deliveries, also of events that wait in the queue. */
  close(): void {
    this.alive = false
    this.detach()
  }

  private detach(): void {
    for (const unsubscribe of this.subscriptions.splice(0)) unsubscribe()
  }

  private send(slot: SlotName, args: readonly unknown[], options: EmitOptions = {}): void {
    this.delivery.emit(slot, args, { ...options, alive: () => this.alive })
  }

  private later(slot: SlotName, args: readonly unknown[]): void {
    if (this.held) this.held.push(() => this.send(slot, args))
    else this.send(slot, args)
  }

  /** All boards, then all their pages (spec 12 §1.3). */
  private tellBoards(): void {
    const { board } = this.meeting
    this.send('NotifyInitBoards', [board.list])
    for (const { boardID, pageCount } of board.list)
      for (let page = 0; page < pageCount; page++) {
        const content = [board.image(boardID, page), board.elements(boardID, page)]
        this.send('NotifyInitBoardPageDat', [boardID, page, ...content, ''])
      }
  }

  /** What happens to boards or the share before the entry's result is in what is told then. */
  private once(slot: SlotName, args: readonly unknown[]): void {
    if (!this.held) this.send(slot, args)
  }

  private subscribeBoard(): Unsubscribe[] {
    const { board } = this.meeting
    const element =
      (slot: SlotName) => (event: { boardID: string; page: number; element: object; by: string }) =>
        this.once(slot, [event.boardID, event.page, event.element, event.by])
    return [
      board.on('loaded', () => {
        if (this.waitsForBoards) {
          this.waitsForBoards = false
          this.begin()
        } else if (!this.held) this.tellBoards()
      }),
      board.on('created', ({ board: made, by }) => this.once('NotifyCreateBoard', [made, by])),
      board.on('closed', ({ boardID, by }) => this.once('NotifyCloseBoard', [boardID, by])),
      board.on('page', ({ boardID, page, img, elements, by, newImage }) => {
        this.once('NotifyInitBoardPageDat', [boardID, page, img, elements, by])
        const subPage = { userID: board.find(boardID)?.userID ?? '', boardID, boardPageNo: page }
        if (newImage) this.once('NotifyBoardBkImage', [subPage, img, by])
      }),
      board.on('added', element('NotifyAddBoardElement')),
      board.on('modified', element('NotifyModifyBoardElement')),
      board.on('deleted', ({ boardID, page, ids, by }) =>
        this.once('NotifyDelBoardElement', [boardID, page, ids.join(';'), by]),
      ),
      board.on('spot', ({ boardID, page, x, y, by }) =>
        this.once('NotifyMouseHotSpot', [boardID, x, y, by, page]),
      ),
    ]
  }

  private subscribeScreen(): Unsubscribe[] {
    const { screen } = this.meeting
    return [
      screen.on('started', ({ userID }) => this.once('NotifyScreenShareStarted', [userID])),
      screen.on('stopped', ({ userID }) => this.once('NotifyScreenShareStopped', [userID])),
      screen.on('given', ({ by, userID }) => this.once('NotifyGiveCtrlRight', [by, userID])),
      screen.on('released', ({ by, userID }) => this.once('NotifyReleaseCtrlRight', [by, userID])),
      screen.on('ended', () => this.once('StopScreenShareRslt', [0])),
      screen.on('area', () => {
        if (!this.held) this.tellShareArea()
      }),
    ]
  }

  private subscribe(): Unsubscribe[] {
    const { meeting } = this
    const status =
      (slot: SlotName) => (event: { userID: string; old: DeviceStatus; now: DeviceStatus }) =>
        this.later(slot, [event.userID, event.old, event.now])
    return [
      ...this.subscribeBoard(),
      ...this.subscribeScreen(),
      ...mediaSlots(meeting.media, (slot, args) => this.once(slot, args)),
      meeting.on('memberEntered', ({ member }) => {
        this.containers.membersChanged()
        this.later('UserEnterMeeting', [member.userID])
      }),
      meeting.on('memberLeft', ({ userID }) => {
        this.containers.membersChanged()
        this.later('UserLeftMeeting', [userID])
      }),
      meeting.on('audioStatus', status('AudioStatusChanged')),
      meeting.on('videoStatus', (event) => {
        this.containers.membersChanged()
        status('VideoStatusChanged')(event)
      }),
      meeting.on('cameras', ({ userID, changed }) => {
        if (changed) this.later('VideoDevChanged', [userID])
      }),
      meeting.on('defaultVideo', ({ userID, videoID }) =>
        this.later('DefVideoChanged', [userID, videoID]),
      ),
      meeting.on('energy', ({ userID, old, now }) => {
        const [before, after] = [halfLevel(old), halfLevel(now)]
        if (before !== after) this.later('MicEnergyUpdate', [userID, before, after])
      }),
      meeting.on('network', ({ level }) => this.later('NetStateChanged', [level])),
      meeting.chat.on('message', ({ from, text, at }) =>
        this.later('NotifyIMmsg', [from, text, Math.floor(at / 1000)]),
      ),
      meeting.pages.on('switched', ({ main, sub }) =>
        this.later('NotifySwitchToPage', [main, sub]),
      ),
      meeting.pages.on('wall', ({ mode }) => this.later('NotifyVideoWallMode', [mode])),
      meeting.pages.on('mainVideo', ({ userID, by }) =>
        this.later('NotifyMainVideoChanged', [by, userID]),
      ),
      meeting.on('ended', ({ reason }) => {
        this.detach()
        this.onEnded(reason)
      }),
    ]
  }
}
