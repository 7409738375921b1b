/** Where a picture is: on the net disk, or in the element itself. */
export interface PictureSource {
  readonly fileID: string
  /** A `data:` URL. */
  readonly data: string
}

export interface PicturePorts<P> {
  /** Loads and decodes; rejects while there is no such file. */
  load(source: PictureSource): Promise<P>
  pixels(picture: P): number
  free(picture: P): void
  /** It is here, or was given up: pages with this picture are to be painted anew. */
  arrived(key: string): void
  after(ms: number, run: () => void): () => void
}

/** A missing file is tried again after so long (spec 12 §6). */
const RETRIES_MS = [2_000, 4_000, 8_000]
const MOST_PIXELS = 80_000_000

interface Slot<P> {
  /** The first try has ended. */
  tried: Promise<void>
  picture: P | null
  failed: boolean
  stop(): void
}

export const keyOf = ({ fileID, data }: PictureSource): string => fileID || data

/** The pictures of a meeting's boards, loaded when they are first painted. */
export const createPictures = <P>(ports: PicturePorts<P>) => {
  /** The one that was painted last is last. */
  const slots = new Map<string, Slot<P>>()
  let over = false

  const drop = (key: string) => {
    const slot = slots.get(key)
    slots.delete(key)
    slot?.stop()
    if (slot?.picture) ports.free(slot.picture)
  }
  const makeRoom = (newest: string) => {
    let pixels = 0
    for (const { picture } of slots.values()) pixels += picture ? ports.pixels(picture) : 0
    for (const [key, { picture }] of [...slots]) {
      if (pixels <= MOST_PIXELS) return
      if (key === newest || !picture) continue
      pixels -= ports.pixels(picture)
      drop(key)
    }
  }

  const load = async (key: string, source: PictureSource, slot: Slot<P>, tries: number) => {
    try {
      const picture = await ports.load(source)
      if (over || slots.get(key) !== slot) {
        ports.free(picture)
        return
      }
      slot.picture = picture
      makeRoom(key)
      ports.arrived(key)
    } catch {
      if (over || slots.get(key) !== slot) return
      const wait = RETRIES_MS[tries]
      if (wait === undefined) {
        slot.failed = true
        ports.arrived(key)
      } else slot.stop = ports.after(wait, () => void load(key, source, slot, tries + 1))
    }
  }

  const pictures = {
    /** Null while it is not here; asking for it starts loading it. */
    get(source: PictureSource): P | null {
      const key = keyOf(source)
      if (over || key === '') return null
      const slot = slots.get(key)
      if (slot) {
        slots.delete(key)
        slots.set(key, slot)
        return slot.picture
      }
      const fresh: Slot<P> = { picture: null, failed: false, tried: Promise.resolve(), stop() {} }
      slots.set(key, fresh)
      fresh.tried = load(key, source, fresh, 0)
      return null
    },
    /** `lost`: it could not be loaded, and is tried again on demand only. */
    stateOf(source: PictureSource): 'here' | 'coming' | 'lost' {
      if (pictures.get(source) !== null) return 'here'
      return slots.get(keyOf(source))?.failed ? 'lost' : 'coming'
    },
    /** Resolves when it is here or could not be loaded. */
    async tried(source: PictureSource): Promise<void> {
      pictures.get(source)
      await slots.get(keyOf(source))?.tried
    },
    /** Those that were given up are tried again when they are painted next. */
    retry() {
      for (const [key, { failed }] of [...slots]) if (failed) slots.delete(key)
    },
    close() {
      over = true
      for (const key of [...slots.keys()]) drop(key)
    },
  }
  return pictures
}
