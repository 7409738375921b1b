import type { Clock } from '../clock.ts'
import { GIVE_UP, T1, T2 } from '../sip/transaction/machine.ts'

/** Repeats a 2xx to an INVITE until its ACK comes (RFC 3261 §13.3.1.4), over any transport. */
export class AwaitedAck {
  readonly cseq: number
  #stops: (() => void)[] = []

  constructor(clock: Clock, cseq: number, repeat: () => void, giveUp: () => void) {
    this.cseq = cseq
    const again = (ms: number) => {
      this.#stops[0] = clock.schedule(ms, () => {
        repeat()
        again(Math.min(ms * 2, T2))
      })
    }
    again(T1)
    this.#stops[1] = clock.schedule(GIVE_UP, () => {
      this.stop()
      giveUp()
    })
  }

  stop(): void {
    for (const stop of this.#stops) stop()
  }
}
