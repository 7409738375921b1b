/** An m-line of a page's offer, as far as the room has to know it; the engine checks the rest. */
export interface MediaLine {
  readonly mid: string
  readonly kind: 'audio' | 'video'
  readonly direction: string
}

const DIRECTION = /^a=(sendrecv|sendonly|recvonly|inactive)\r?$/m

/** Sound and pictures of an offer (RFC 8866 §5.14, RFC 5888 §4); stopped lines are left out. */
export const mediaLines = (sdp: string): MediaLine[] =>
  sdp.split(/^m=/m).flatMap((section, i) => {
    const head = /^(audio|video) (\d+)/.exec(section)
    if (i === 0 || !head || head[2] === '0') return []
    return {
      mid: /^a=mid:(.*?)\r?$/m.exec(section)?.[1] ?? '',
      kind: head[1] as MediaLine['kind'],
      direction: DIRECTION.exec(section)?.[1] ?? 'sendrecv',
    }
  })

export const sends = (line: MediaLine): boolean => line.direction.startsWith('send')
export const receives = (line: MediaLine): boolean =>
  line.direction === 'recvonly' || line.direction === 'sendrecv'
