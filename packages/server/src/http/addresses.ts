import { networkInterfaces } from 'node:os'

/** Addresses at which other machines reach this one: no loopback, no link-local ones. IPv4 first. */
export const hostAddresses = (): readonly string[] => {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const usable = all.filter((a) => !a.internal && !/^(fe80:|169\.254\.)/i.test(a.address))
  const v4 = usable.filter((a) => a.family === 'IPv4').map((a) => a.address)
  const v6 = usable.filter((a) => a.family === 'IPv6').map((a) => a.address)
  return [...new Set([...v4, ...v6])]
}

/** An address as it stands in a URL. */
export const urlHost = (address: string): string =>
  address.includes(':') ? `[${address}]` : address
