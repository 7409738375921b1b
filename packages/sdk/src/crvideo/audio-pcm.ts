import type { Meeting, PcmCapture, PcmSide } from '../api.ts'
import { number, record, text } from './convert.ts'
import type { Facade } from './facade.ts'
import { toBase64 } from './picture/picture-file.ts'
import { warn } from './warn.ts'

const SIDES: readonly PcmSide[] = ['mic', 'heard']
const BY_CALLBACK = 0
const INTO_FILE = 1
const EACH_SIZE = 3_200

/** The page's captures of sound, one a side (spec 08 §9). */
export class AudioPcm {
  private readonly running = new Map<number, PcmCapture>()

  constructor(private readonly facade: Facade) {}

  /** 1 started, 0 not. */
  start(aSide: unknown, getType: unknown, jsonParam: unknown): 0 | 1 {
    const { meeting } = this.facade
    const side = number(aSide)
    const given = jsonParam === undefined || jsonParam === null || jsonParam === ''
    const params = given ? {} : record(jsonParam)
    const source = SIDES[side]
    const busy = this.running.get(side)?.closed === false
    if (!meeting || !source || !params || busy) return 0
    try {
      const capture = this.begin(meeting, side, source, number(getType), params)
      if (!capture) return 0
      this.running.set(side, capture)
      capture.done.then((error) => {
        if (error) console.error('[CRVideo] the capture of sound stopped:', error)
      })
      return 1
    } catch (error) {
      warn('StartGetAudioPCM failed', error)
      return 0
    }
  }

  stop(aSide: unknown): void {
    this.running.get(number(aSide))?.close()
  }

  private begin(
    meeting: Meeting,
    side: number,
    source: PcmSide,
    getType: number,
    params: Record<string, unknown>,
  ): PcmCapture | null {
    if (getType === INTO_FILE) return meeting.pcmFile({ side: source, path: text(params.FileName) })
    if (getType !== BY_CALLBACK) return null
    const { facade } = this
    const { client } = facade
    let left = false
    const alive = () => facade.client === client && !left
    const wish = { side: source, blockBytes: number(params.EachSize, EACH_SIZE) }
    const capture = meeting.pcm(wish, (block) =>
      facade.delivery.emit('NotifyAudioPCMDat', [side, toBase64(block)], { alive }),
    )
    const off = meeting.on('ended', ({ reason }) => {
      left = reason === 'left'
    })
    void capture.done.then(off)
    return capture
  }
}
