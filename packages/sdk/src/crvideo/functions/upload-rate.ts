import { number } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

/** Flow control of uploads (spec 06 §8). */
export function uploadRateFunctions(facade: Facade): FunctionTable {
  let rate = 0
  facade.onClient((client) => {
    client.uploadRate = rate
    return [
      () => {
        rate = 0
      },
    ]
  })
  return {
    SetFileUploadRate: (maxbps) => {
      const wanted = number(maxbps, Number.NaN)
      if (Number.isNaN(wanted)) {
        warn('CRVideo_SetFileUploadRate takes a number')
        return
      }
      rate = wanted
      if (facade.client) facade.client.uploadRate = wanted
    },
  }
}
