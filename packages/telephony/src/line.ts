/** Stops listening; may be called at any time. */
export type Off = () => void

/** Codecs of a line by their names in a description (RFC 3551, RFC 7587). */
export type CodecName = 'PCMA' | 'PCMU' | 'opus'

/** Where the sound of a call goes, and how. */
export interface LineTarget {
  /** An IP address, never a name. */
  readonly address: string
  readonly port: number
  readonly codec: CodecName
  /** RTP payload type of the codec, in both directions. */
  readonly payloadType: number
  /** Payload type of `telephone-event` (RFC 4733); null when the other side takes none. */
  readonly digits: number | null
}

/** The sound of one call: an RTP port of its own, 48 kHz mono in frames of 20 ms. */
export interface Line {
  /** Local RTP port (UDP), for our description. */
  readonly port: number
  /** Says where to send; again when the other side moves its port or changes the codec. */
  connect(to: LineTarget): void
  /**
   * On: the other side does not want to hear us. Nothing is sent until it is off again, and the music
   * that it may play meanwhile is not heard.
   */
  hold(on: boolean): void
  /** A key pressed: `0`–`9`, `*`, `#`, `A`–`D`; once per press. */
  on(event: 'digit', listener: (digit: string) => void): Off
  /** What the telephone says; `level` 0 (silent) to 1. */
  readonly heard: (listener: (frame: Int16Array, level: number) => void) => Off
  /**
   * What the telephone hears next, instead of its room: any number of samples, said after what was
   * said before. More than two minutes ahead are dropped.
   */
  say(samples: Int16Array): void
  /** Drops what has not been said yet. */
  hush(): void
  /** Presses keys of ours: `0`–`9`, `*`, `#`, `A`–`D` in order. Others, and all on a line without digits, are dropped. */
  press(digits: string): void
  /** Frees the port. Idempotent. */
  close(): void
}

/** Opens lines. */
export interface PhoneMedia {
  /** Rejects when no port of the range is free. */
  open(): Promise<Line>
  close(): void
}
