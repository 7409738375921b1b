import { LIMITS } from '@yuntang/protocol'

export interface Kept {
  seq: number
  text: string
  /** An answer, or an event that no snapshot replaces: never dropped. */
  readonly lasting: boolean
  /** Runs when the page has it. */
  arrived?: (() => void) | undefined
}

/** Characters kept for all pages together beyond which nobody may keep much. */
const PLENTY = 512 * 1024 * 1024
/** Then each page has this part of what it may otherwise leave unacknowledged. */
const SHORT_SHARE = 1 / 32

/** What all pages were sent and have not acknowledged. */
export class KeptTotal {
  chars = 0

  constructor(private readonly plenty = PLENTY) {}

  /** The part of its limits that a page has now. */
  get share(): number {
    return this.chars > this.plenty ? SHORT_SHARE : 1
  }
}

/** What one page was sent and has not acknowledged, numbered, bounded in count and size. */
export class DeliveryLog {
  #seq = 0
  #kept: Kept[] = []
  #events = 0
  #eventChars = 0
  #answers = 0
  #answerChars = 0
  /** Highest number that was dropped unacknowledged. */
  #hole = 0

  constructor(private readonly total: KeptTotal) {}

  get seq(): number {
    return this.#seq
  }

  /**
   * Numbers and keeps a frame, given as JSON text of an object; returns the numbered text.
   * `arrived` runs when it is acknowledged.
   */
  add(frame: string, lasting: boolean, arrived?: () => void): string {
    this.#seq += 1
    const text = `{"seq":${this.#seq},${frame.slice(1)}`
    this.#kept.push({ seq: this.#seq, text, lasting, arrived })
    this.#count(text, lasting, 1)
    return text
  }

  #count(text: string, lasting: boolean, by: 1 | -1): void {
    this.total.chars += by * text.length
    if (lasting) {
      this.#answers += by
      this.#answerChars += by * text.length
    } else {
      this.#events += by
      this.#eventChars += by * text.length
    }
  }

  acknowledge(seq: number): void {
    for (const { arrived } of this.#drop(seq)) arrived?.()
  }

  #drop(seq: number): Kept[] {
    const upTo = this.#kept.findIndex((k) => k.seq > seq)
    const done = this.#kept.splice(0, upTo < 0 ? this.#kept.length : upTo)
    for (const { text, lasting } of done) this.#count(text, lasting, -1)
    return done
  }

  /** The frame added last; for {@link replace}. */
  get newest(): Kept | undefined {
    return this.#kept.at(-1)
  }

  /** Puts another frame in the place of one that is not acknowledged; nobody hears of its arrival. */
  replace(kept: Kept | undefined, frame: object): void {
    if (!kept || !this.#kept.includes(kept)) return
    this.#count(kept.text, kept.lasting, -1)
    kept.text = JSON.stringify({ seq: kept.seq, ...frame })
    kept.arrived = undefined
    this.#count(kept.text, kept.lasting, 1)
  }

  /** More events than a page may leave unacknowledged. */
  get full(): boolean {
    const most = LIMITS.backlogChars * this.total.share
    // One alone, a snapshot say, is never too much.
    return this.#events > LIMITS.backlog || (this.#events > 1 && this.#eventChars > most)
  }

  /** More answers than a page may leave unacknowledged. */
  get burst(): boolean {
    const most = LIMITS.answersKeptChars * this.total.share
    return this.#answers > LIMITS.answersKept || (this.#answers > 1 && this.#answerChars > most)
  }

  /** Drops the events; what lasts stays. */
  shed(): void {
    this.#kept = this.#kept.filter((k) => k.lasting)
    this.total.chars -= this.#eventChars
    this.#events = 0
    this.#eventChars = 0
    this.#hole = this.#seq
  }

  /** A page that has everything up to `seen` misses nothing that was dropped. */
  covers(seen: number): boolean {
    return seen >= this.#hole
  }

  /**
   * Numbering goes on where the page saw an earlier run of the server end; frames that were added
   * before anybody knew where that is are numbered anew.
   */
  startAt(seq: number): void {
    this.#seq = seq
    for (const kept of this.#kept) {
      this.#seq += 1
      kept.seq = this.#seq
      this.#count(kept.text, kept.lasting, -1)
      kept.text = `{"seq":${this.#seq}${kept.text.slice(kept.text.indexOf(','))}`
      this.#count(kept.text, kept.lasting, 1)
    }
    this.#hole = seq
  }

  get texts(): string[] {
    return this.#kept.map((k) => k.text)
  }

  clear(): void {
    this.#drop(this.#seq)
  }
}
