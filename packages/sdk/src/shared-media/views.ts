import type { Watch } from '../api.ts'

interface View {
  height: number
  shown: MediaStream | null
  readonly onStream: (stream: MediaStream | null) => void
}

const cleanHeight = (height: number) =>
  Number.isFinite(height) ? Math.min(8192, Math.max(0, Math.ceil(height))) : 0

/** Who looks at one picture, and how large. */
export class Views {
  readonly #views = new Set<View>()
  #closed = false

  constructor(
    private readonly stream: () => MediaStream | null,
    /** The largest height now; 0 without a view. */
    private readonly wanted: (height: number) => void,
  ) {}

  add(want: { height: number }, onStream: (stream: MediaStream | null) => void): Watch {
    if (this.#closed) return { resize() {}, close() {} }
    const view: View = { height: cleanHeight(want.height), shown: null, onStream }
    this.#views.add(view)
    this.refresh()
    return {
      resize: (height) => {
        view.height = cleanHeight(height)
        this.#tell()
      },
      close: () => {
        if (this.#views.delete(view)) this.#tell()
      },
    }
  }

  /** Everybody gets what is there now. */
  refresh(): void {
    if (this.#closed) return
    this.#tell()
    const stream = this.stream()
    for (const view of [...this.#views]) show(view, stream)
  }

  /** Everybody gets null; idempotent. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const view of [...this.#views]) show(view, null)
    this.#views.clear()
  }

  #tell(): void {
    if (!this.#closed) this.wanted(Math.max(0, ...[...this.#views].map(({ height }) => height)))
  }
}

const show = (view: View, stream: MediaStream | null) => {
  if (view.shown === stream) return
  view.shown = stream
  try {
    view.onStream(stream)
  } catch (error) {
    console.error(error)
  }
}
