/**
 * The port between the server and the media engine. The engine knows rooms, peers and tracks by
 * opaque names only; it never learns what a user or a meeting is.
 */

/** `pub`: the page sends. `sub`: the page receives. */
export type Side = 'pub' | 'sub'

/** A track that a peer sends, bound to an m-line of its `pub` connection. `track` is unique in the peer. */
export interface SentTrack {
  readonly mid: string
  readonly track: string
  readonly kind: 'audio' | 'video'
  /**
   * How the encodings of the track differ, first the least: in size (default), or only in pictures per
   * second and rate, as those of a screen whose text must stay sharp.
   */
  readonly layering?: 'size' | 'pace'
}

/** A track that a peer receives, bound to an m-line of its `sub` connection. */
export interface DeliveredTrack {
  readonly mid: string
  readonly from: string
  readonly track: string
  readonly kind: 'audio' | 'video'
}

/** A video that a peer wants to see. `height` in device pixels chooses the layer. */
export interface Wish {
  readonly from: string
  readonly track: string
  readonly height: number
}

/** Names one peer: a member's page in a room. */
export interface PeerName {
  readonly room: string
  readonly peer: string
}

/** A packet of sound as a bridge hears it; its numbers are the sender's own (RFC 3550). */
export interface BridgedPacket {
  readonly from: string
  readonly track: string
  /** Another one means that all numbers begin anew. */
  readonly stream: number
  readonly seq: number
  /** Ticks of 48 kHz. */
  readonly timestamp: number
  /** −dBov, 0 to 127 (RFC 6464). */
  readonly level: number
  readonly opus: Uint8Array
}

/** A packet of sound that a bridge sends. */
export interface BridgePacket {
  readonly opus: Uint8Array
  /** −dBov, 0 to 127 (RFC 6464). */
  readonly level: number
  /** Ticks of 48 kHz; goes on while nothing is sent. */
  readonly timestamp: number
}

/** What the engine tells its owner. */
export interface EngineEvents {
  /** The `sub` connection needs a new description; answer with {@link MediaEngine.answer}. */
  offer: PeerName & { sdp: string; version: number; tracks: DeliveredTrack[] }
  /** Encodings of a sent video that somebody needs now, by rid; the page may pause the others. */
  layers: PeerName & { track: string; rids: string[] }
  /** A connection is gone for good (ICE failed or DTLS closed); the page has to offer anew. */
  lost: PeerName & { side: Side }
  /** Sound that a listening bridge hears, in the order it came; the bytes must not be changed. */
  bridged: PeerName & { packets: readonly BridgedPacket[] }
  /** The process that carried these rooms died; all their peers must offer, all bridges open anew. */
  crashed: { rooms: string[] }
}

export type EngineErrorCode = 'sdp' | 'peer' | 'version' | 'closed' | 'limit' | 'native'

/** Refusal of an engine call. */
export class EngineError extends Error {
  override readonly name = 'EngineError'
  constructor(
    readonly code: EngineErrorCode,
    detail: string,
  ) {
    super(detail)
  }
}

/**
 * One engine. All calls of one peer are taken in order. Peers come to be with their first offer and
 * go with `closePeer`. Audio of a room is delivered to every other peer of the room by itself;
 * video only on wish, and a video that nobody wishes is paused at the engine.
 */
export interface MediaEngine {
  /**
   * Offer of the `pub` connection, first or again; `tracks` are all tracks it sends from now on.
   * An offer with other ICE credentials replaces the transport.
   */
  publish(
    p: PeerName & { offer: string; tracks: readonly SentTrack[] },
  ): Promise<{ answer: string }>
  /**
   * First offer of the `sub` connection, or one with other ICE credentials. Offers of the engine up
   * to `version` are void: they were made for what was before.
   */
  receive(p: PeerName & { offer: string }): Promise<{ answer: string; version: number }>
  /** Answer to the event `offer` of that version; an older version is ignored. */
  answer(p: PeerName & { sdp: string; version: number }): Promise<void>
  /**
   * All videos the peer wants from now on, whether they are being sent already or not. With `hears`
   * it gets the sound of these peers only.
   */
  watch(
    p: PeerName & { wishes: readonly Wish[]; hears?: readonly string[] | undefined },
  ): Promise<void>
  /** Stops taking these tracks of the peer at once, whatever its page does. */
  unpublish(p: PeerName & { tracks: readonly string[] }): Promise<void>
  /**
   * A peer without a connection, whose sound comes from the owner and goes there. What it sends with
   * {@link sendBridge} is a track `mic` to the others. A listening one hears, by the event `bridged`,
   * the loudest few of all peers that have connections; what bridges send the owner knows already.
   * Again: takes the other role, and speaks once more after `unpublish`. Refused with `peer` for a
   * peer that has a connection.
   */
  openBridge(p: PeerName & { speaks: boolean; listens: boolean }): Promise<void>
  /** Dropped without a word when no such bridge speaks: its owner hears of the end elsewhere. */
  sendBridge(p: PeerName & { packet: BridgePacket }): void
  closePeer(p: PeerName): Promise<void>
  closeRoom(room: string): Promise<void>
  on<K extends keyof EngineEvents>(event: K, listener: (data: EngineEvents[K]) => void): () => void
  /** Ends every connection and process. Idempotent. */
  close(): Promise<void>
}

/** How an engine is started. */
export interface EngineOptions {
  /** UDP port of the first process; process n uses `port + n`. */
  readonly port: number
  /** Another UDP port, for pages behind relays over TCP or TLS; process n uses `relayedPort + n`. Default none. */
  readonly relayedPort?: number
  /** Address announced to pages; default: the host's own addresses, loopback included. */
  readonly announce?: readonly string[]
  /** Address to bind, default all. */
  readonly bind?: string
  readonly log?: (level: 'debug' | 'info' | 'warn' | 'error', text: string, data?: object) => void
}
