import type { CallEnd } from '../telephone.ts'

const BY_STATUS: Readonly<Record<number, CallEnd>> = {
  401: 'unauthorised',
  402: 'refused',
  403: 'refused',
  407: 'unauthorised',
  408: 'noAnswer',
  480: 'noAnswer',
  486: 'busy',
  487: 'noAnswer',
  600: 'busy',
  603: 'refused',
  // Unwanted, and refused by somebody on the way (RFC 8197, RFC 8688).
  607: 'refused',
  608: 'refused',
}

/** What a final status that refuses an INVITE means to people. */
export const endOfStatus = (status: number): CallEnd => BY_STATUS[status] ?? 'failed'
