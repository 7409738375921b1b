import type { Cancellable, Events, Watch } from '../api.ts'

/** A region of the captured surface in its native pixels (spec 09 §1). */
export interface ScreenRegion {
  readonly left: number
  readonly top: number
  readonly width: number
  readonly height: number
}

export interface ScreenConfig {
  /** 0 clear picture, more bandwidth (default); 1 less clear, less bandwidth. */
  encodeType: 0 | 1
  /** 1–30, default 8; the rate sinks by itself when the network is slow. */
  maxFPS: number
  /** kbit/s, default 800; values from 10 000 on are taken as bit/s. */
  maxKbps: number
  /** Shares only this region. */
  catchRect?: ScreenRegion
  /** A window rather than a whole screen is to be chosen; -1: this tab. */
  catchWnd?: number
}

/** Where the shared region lies on the captured surface, in native pixels. */
export interface ShareArea {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** What I share: a stream of the page's own, this very tab, or what the user chose. */
export type OwnSurface = 'source' | 'thisTab' | 'browser' | 'window' | 'monitor'

export interface StartScreenOptions extends Cancellable {
  /**
   * Shares this stream's picture instead of asking the user for a screen, and needs no user gesture.
   * It stays the page's: ending the share does not stop it.
   */
  source?: MediaStream
  /** Missing fields have their default. */
  config?: Partial<ScreenConfig>
}

export interface ControlChange {
  readonly by: string
  readonly userID: string
}

/** `detail` of the event `crvideo-remote-mouse` on the sharer's window (spec 09 §7.1). */
export interface RemoteMouseDetail {
  readonly userID: string
  /** MOUSE_MSG_TYPE: 0 move, 1 down, 2 up, 3 double click. */
  readonly msgType: number
  /** MOUSE_KEY_TYPE: 0 none, 1 left, 2 middle, 3 right, 4 wheel, 5 side. */
  readonly keyType: number
  /** Share coordinates. */
  readonly x: number
  readonly y: number
  readonly shareW: number
  readonly shareH: number
}

/** `detail` of the event `crvideo-remote-key`. */
export interface RemoteKeyDetail {
  readonly userID: string
  /** 0 pressed, 1 released. */
  readonly keyMsgType: number
  /** Windows virtual key code. */
  readonly vk: number
  readonly bExtendedKey: number
  /** As of a DOM key event; `""` for a code without a key. */
  readonly key: string
  readonly code: string
}

/** A stroke over the share, in share coordinates. */
export interface ShareMark {
  readonly userID: string
  readonly id: string
  /** `B<<16 | G<<8 | R` */
  readonly color: number
  /** Share pixels, 1–64. */
  readonly width: number
  /** `x, y, x, y …` */
  readonly points: readonly number[]
}

/** A stroke being drawn; others see it grow. */
export interface MarkPen {
  add(x: number, y: number): void
  end(): void
}

/**
 * A view of the share with its strokes; the picture keeps its ratio. Of an own `monitor` or `thisTab`
 * only the strokes are shown. Made by `createShareView`.
 */
export interface ShareView {
  /** Pointer drags on the picture draw. */
  marking: boolean
  /** Mouse and keys go to the sharer while I hold the control right; suspends drawing. */
  controlling: boolean
  /** By how much the page shows the view larger, by a CSS transform: picture and strokes stay sharp. */
  zoom: number
  /** Style of strokes drawn here from now on, as in {@link ShareMark}. */
  setPen(style: { color: number; width: number }): void
  /** Idempotent. */
  close(): void
}

export interface ScreenEvents {
  /** Another member began to share. */
  started: { userID: string }
  /** Another member's share ended, for whatever reason. */
  stopped: { userID: string }
  /** My share ended: by `stop`, by the browser's own control, or because its source was lost. */
  ended: undefined
  /** Size or place of the shared region, also of my own share. */
  area: ShareArea
  /** `by` gave the control right to `userID`. */
  given: ControlChange
  /** The right of `userID` ended; `by` is the sharer, the holder, or the one of them who left. */
  released: ControlChange
  /** Strokes came, grew or went. */
  marks: undefined
  /** Any of the values may be another now. */
  changed: undefined
}

/** The meeting's one screen share (spec 09). */
export interface Screen extends Events<ScreenEvents> {
  /** Who shares; `""`: nobody. */
  readonly sharer: string
  /** I share. */
  readonly sharing: boolean
  /** Null while I do not share. Of a `monitor` or `thisTab` my own view would be an endless mirror. */
  readonly surface: OwnSurface | null
  /** Null: nobody shares. */
  readonly area: ShareArea | null
  /**
   * Lets the user choose a screen, window or tab and shares it; the picker opens inside this call,
   * which a click must have led to. Resolves when I share; at once if I did already. Rejects with
   * meeting.outside, screen.taken (somebody else shares), screen.capture (refused or failed),
   * media.failed or connection.*.
   */
  start(options?: StartScreenOptions): Promise<void>
  /** Synchronous: capture has ended when it returns. False when I did not share. */
  stop(): boolean
  /** Changes a running share of mine; missing fields return to their default. */
  configure(config: Partial<ScreenConfig>): void
  /**
   * Wants the shared picture, whoever shares, for a view of `height` device pixels. The stream comes
   * by `onStream` now or later and again at every change; null while there is none. A share that
   * nobody watches is not received. My own comes straight from capture.
   */
  watch(want: { height: number }, onStream: (stream: MediaStream | null) => void): Watch
  /** Who holds the control right; `""`: nobody. */
  readonly holder: string
  /**
   * Gives the right to control my share to another member; only my own page can do that. A badge in
   * the page shows it while it lasts; its button and the key Escape take it back at once. Whoever held
   * it loses it. Rejects with permission.denied (I do not share), param.invalid (myself),
   * member.unknown or connection.*.
   */
  give(userID: string, cancel?: Cancellable): Promise<void>
  /**
   * Takes the right back, or gives mine up; acts on this page at once. False when there was nothing to
   * release.
   */
  release(): boolean
  /**
   * Sends a mouse message to the sharer, while I hold the right; false without it. Types as in
   * {@link RemoteMouseDetail}; share coordinates, clamped. Moves are merged to 30 a second.
   */
  sendMouse(msgType: number, keyType: number, x: number, y: number): boolean
  /** Sends a key message; as {@link sendMouse}. */
  sendKey(keyMsgType: number, vk: number, extended: boolean): boolean
  /** All strokes, in the order in which they began. */
  readonly marks: readonly ShareMark[]
  /** Begins a stroke; null while nobody shares. Style as in {@link ShareMark}. */
  draw(style: { color: number; width: number }): MarkPen | null
  /** Removes my strokes. */
  clearMarks(): void
}
