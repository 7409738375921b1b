import type { IncomingMessage } from 'node:http'
import { BlockList, isIP, isIPv6 } from 'node:net'

/** Reverse proxies that may say whom they speak for; see {@link createClientAddress}. */
export type TrustedProxies = readonly string[]

/** Who is at the other end of a request, and whether the page was loaded over TLS. */
export interface ClientOf {
  address(request: IncomingMessage): string
  /** Null where no trusted proxy says it: then it is what this server itself speaks. */
  secure(request: IncomingMessage): boolean | null
}

const familyOf = (address: string) => (isIPv6(address) ? 'ipv6' : 'ipv4')

const SUBNET = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/

/** An address or a subnet like `10.0.0.0/8`; null when it is neither. */
export const proxyOf = (text: string): string | null => {
  const [, address = '', bits] = SUBNET.exec(text) ?? []
  const most = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  return most >= 0 && Number(bits ?? 0) <= most ? text : null
}

const listOf = (proxies: TrustedProxies): BlockList => {
  const list = new BlockList()
  for (const proxy of proxies) {
    const [address = '', bits] = proxy.split('/')
    if (bits === undefined) list.addAddress(address, familyOf(address))
    else list.addSubnet(address, Number(bits), familyOf(address))
  }
  return list
}

const joined = (header: string | string[] | undefined): string =>
  Array.isArray(header) ? header.join(',') : (header ?? '')

/**
 * Reads `X-Forwarded-For` from its end, where the nearest proxy wrote, and stops at the first address
 * that is no trusted proxy: what stands before it is the client's own claim. A request that does not
 * come from a trusted proxy is its own sender, whatever its headers say.
 */
export const createClientAddress = (proxies: TrustedProxies): ClientOf => {
  const trusted = listOf(proxies)
  const isTrusted = (address: string) =>
    isIP(address) !== 0 && trusted.check(address, familyOf(address))
  const peer = (request: IncomingMessage) => request.socket.remoteAddress ?? ''
  return {
    address(request) {
      let client = peer(request)
      if (!isTrusted(client)) return client
      const hops = joined(request.headers['x-forwarded-for']).split(',')
      for (const hop of hops.reverse()) {
        const address = hop.trim()
        if (isIP(address) === 0) return client
        client = address
        if (!isTrusted(address)) return client
      }
      return client
    },
    secure(request) {
      if (!isTrusted(peer(request))) return null
      const last = joined(request.headers['x-forwarded-proto']).split(',').at(-1)?.trim()
      return last === 'https' ? true : last === 'http' ? false : null
    },
  }
}
