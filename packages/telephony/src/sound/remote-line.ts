import { isIP } from 'node:net'
import type { ToExchange } from '../exchange/messages.ts'
import type { Line, LineTarget, Off } from '../line.ts'
import { Listeners } from '../listeners.ts'

type Tell = (message: ToExchange) => void

/** A line whose sound is dealt with by the exchange. */
export class RemoteLine implements Line {
  readonly #digits: Listeners<[string]>
  readonly #frames: Listeners<[Int16Array, number]>
  #isClosed = false

  constructor(
    readonly number: number,
    readonly port: number,
    private readonly tell: Tell,
    private readonly closed: (line: RemoteLine) => void,
    failed: (error: unknown) => void,
  ) {
    this.#digits = new Listeners(failed)
    this.#frames = new Listeners(failed)
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  connect(to: LineTarget): void {
    if (!isIP(to.address)) throw new TypeError(`Not an IP address: ${to.address}`)
    this.#do({ type: 'connect', line: this.number, to })
  }

  hold(on: boolean): void {
    this.#do({ type: 'hold', line: this.number, on })
  }

  on(_event: 'digit', listener: (digit: string) => void): Off {
    return this.#digits.add(listener)
  }

  readonly heard = (listener: (frame: Int16Array, level: number) => void): Off => {
    if (this.#frames.size === 0) this.#do({ type: 'listen', line: this.number, on: true })
    const off = this.#frames.add(listener)
    return () => {
      off()
      if (this.#frames.size === 0) this.#do({ type: 'listen', line: this.number, on: false })
    }
  }

  say(samples: Int16Array): void {
    // A view would take its whole buffer along.
    this.#do({ type: 'say', line: this.number, samples: samples.slice() })
  }

  hush(): void {
    this.#do({ type: 'hush', line: this.number })
  }

  press(digits: string): void {
    this.#do({ type: 'press', line: this.number, digits })
  }

  #do(message: ToExchange): void {
    if (!this.#isClosed) this.tell(message)
  }

  pressed(digit: string): void {
    this.#digits.tell(digit)
  }

  spoke(frame: Int16Array, level: number): void {
    this.#frames.tell(frame, level)
  }

  close(): void {
    if (this.#isClosed) return
    this.tell({ type: 'close', line: this.number })
    this.#isClosed = true
    this.#digits.clear()
    this.#frames.clear()
    this.closed(this)
  }
}
