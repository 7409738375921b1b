/** What DTLS and ICE of one side need to know of the other. */
export interface IceParameters {
  readonly ufrag: string
  readonly password: string
  /** `sha-256 AB:CD…` as in `a=fingerprint`. */
  readonly fingerprint: string
}

export type TransportState = 'connecting' | 'connected' | 'closed'

/** An encrypted pipe for RTP and RTCP packets; knows nothing of what they carry. */
export interface MediaTransport {
  readonly local: IceParameters & { readonly setup: 'active' | 'passive' }
  readonly state: TransportState
  /** Encrypts and sends a copy; false when the packet could not go. */
  send(packet: Buffer): boolean
  /** Set once by the owner, before the first packet can arrive. */
  onPacket: (packet: Buffer) => void
  onState: (state: TransportState) => void
  /** Idempotent; no callback fires afterwards. */
  close(): void
}

/** Makes transports on one UDP port. */
export interface TransportFactory {
  readonly candidates: readonly string[]
  create(remote: IceParameters): MediaTransport
  close(): void
}
