import { domain, request } from '../contract.ts'
import { EVIDENCE } from '../evidence/constants.ts'
import { Progress, RecordingID, Stamp } from '../evidence/format.ts'
import { int, list, nothing, obj } from '../schema.ts'

/** Time stamps of recordings. The format is in docs/evidence.md. */
export const evidence = domain('evidence', {
  requests: {
    /** For whoever is logged in or in a meeting. Nothing is kept: the page has to. */
    stamp: request({ in: Progress, out: obj({ stamp: Stamp }), allow: 'anyone' }),
    /**
     * Hands in the stamps of a recording that is about to be finished with `records.finish`, a part at
     * a time: `from` of them were handed in before. Kept for some minutes.
     */
    attach: request({
      in: obj({
        recording: RecordingID(),
        from: int(0, EVIDENCE.stamps),
        stamps: list(Stamp, EVIDENCE.stampsPerFrame),
      }),
      out: nothing(),
      allow: 'anyone',
    }),
  },
  events: {},
})
