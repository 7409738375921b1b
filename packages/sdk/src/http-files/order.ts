import { resolvePath } from '../files/paths.ts'
import { HTTP_RESULT, type HttpFileOrder } from './api.ts'

const CLASSIC = /cloudroomvideosdk/i

/** The address as a URL, or null when it is none of http. */
export const addressOf = (url: string, page: string | null): string | null => {
  try {
    const address = url === '' ? null : new URL(url, page ?? undefined)
    return address && /^https?:$/.test(address.protocol) ? address.href : null
  } catch {
    return null
  }
}

/** Request headers among the parameters; throws when one cannot be sent. */
export const headersOf = (params: HttpFileOrder['params']): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(params))
    if (name !== 'decodeCREEFile')
      headers.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value))
  return headers
}

const hasGoodHeaders = (params: HttpFileOrder['params']) => {
  try {
    headersOf(params)
    return true
  } catch {
    return false
  }
}

/** Result of refusing the order, or success (spec 06 §4). */
export const checkOrder = (order: HttpFileOrder, work: string, page: string | null): number => {
  if (order.path === '' || addressOf(order.url, page) === null || !hasGoodHeaders(order.params))
    return HTTP_RESULT.badArgument
  const key = resolvePath(order.path, work)
  return CLASSIC.test(key) || key.startsWith(`${work}/`) ? HTTP_RESULT.success : HTTP_RESULT.badPath
}
