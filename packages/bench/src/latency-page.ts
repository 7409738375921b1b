/** What runs in the pages of the latency bench; each function is sent as text and stands alone. */

export type Path = 'sfu' | 'direct'

/** A frame that was seen: the moment written in it and how much later that was, both in 0.1 ms. */
export interface Seen {
  readonly stamp: number
  readonly delay: number
}

export interface LatencyWindow {
  picture: MediaStream
  connections: RTCPeerConnection[]
  seen: Record<Path, Seen[]>
}

/** Draws the moment as 8 × 4 black and white blocks, 24 bits in 0.1 ms and 8 of a check sum, 30 times a second. */
export const drawMoments = (): void => {
  const own = window as unknown as LatencyWindow
  const canvas = Object.assign(document.createElement('canvas'), { width: 320, height: 240 })
  document.body.append(canvas)
  const draw = canvas.getContext('2d') as CanvasRenderingContext2D
  let isTurn = false
  const frame = () => {
    requestAnimationFrame(frame)
    isTurn = !isTurn
    if (!isTurn) return
    const now = Math.round((performance.timeOrigin + performance.now()) * 10) % 2 ** 24
    const sum = ((now & 0xff) + ((now >> 8) & 0xff) + (now >> 16)) & 0xff
    for (let i = 0; i < 32; i++) {
      const bit = i < 24 ? (now >> i) & 1 : (sum >> (i - 24)) & 1
      draw.fillStyle = bit ? '#fff' : '#000'
      draw.fillRect((i % 8) * 40, (i >> 3) * 60, 40, 60)
    }
  }
  frame()
  own.picture = canvas.captureStream(30)
  own.connections = []
}

/** Reads the moments of what arrives on a connection of the page. */
export const readMoments = ([path, at]: readonly [Path, number]): Promise<void> => {
  const own = window as unknown as LatencyWindow
  const pc = own.connections[at] as RTCPeerConnection
  const video = document.createElement('video')
  video.muted = video.autoplay = true
  document.body.append(video)
  const track = pc.getReceivers().find((r) => r.track.kind === 'video')?.track as MediaStreamTrack
  video.srcObject = new MediaStream([track])
  const small = Object.assign(document.createElement('canvas'), { width: 8, height: 4 })
  const draw = small.getContext('2d', { willReadFrequently: true }) as CanvasRenderingContext2D
  // The middle of a block is its sample.
  draw.imageSmoothingEnabled = false
  own.seen ??= { sfu: [], direct: [] }
  own.seen[path] = []
  return new Promise((resolve) => {
    const take = () => {
      const now = Math.round((performance.timeOrigin + performance.now()) * 10) % 2 ** 24
      video.requestVideoFrameCallback(take)
      draw.drawImage(video, 0, 0, 8, 4)
      const { data } = draw.getImageData(0, 0, 8, 4)
      let stamp = 0
      let sum = 0
      for (let i = 0; i < 32; i++) {
        const bit = (data[i * 4 + 1] as number) > 128 ? 1 : 0
        if (i < 24) stamp |= bit << i
        else sum |= bit << (i - 24)
      }
      if (sum !== (((stamp & 0xff) + ((stamp >> 8) & 0xff) + (stamp >> 16)) & 0xff)) return
      own.seen[path].push({ stamp, delay: (now - stamp + 2 ** 24) % 2 ** 24 })
      resolve()
    }
    video.requestVideoFrameCallback(take)
  })
}

/** Takes what was seen; with it videos and connections go. */
export const takeSeen = (): Record<Path, Seen[]> => {
  const own = window as unknown as LatencyWindow
  const { seen } = own
  for (const video of document.querySelectorAll('video')) video.remove()
  for (const pc of own.connections.splice(0)) pc.close()
  own.seen = { sfu: [], direct: [] }
  return seen
}

/** One exchange with the room; answers the session's address. */
export const joinRoom = async (address: '/whip/clock' | '/whep?from=clock'): Promise<string> => {
  const own = window as unknown as LatencyWindow
  own.connections ??= []
  const pc = new RTCPeerConnection()
  own.connections.push(pc)
  if (address === '/whip/clock')
    pc.addTransceiver(own.picture.getVideoTracks()[0] as MediaStreamTrack, {
      direction: 'sendonly',
    })
  else for (const kind of ['audio', 'video']) pc.addTransceiver(kind, { direction: 'recvonly' })
  await pc.setLocalDescription()
  const response = await fetch(address, {
    method: 'POST',
    headers: { 'Content-Type': 'application/sdp' },
    body: pc.localDescription?.sdp ?? '',
  })
  const body = await response.text()
  if (response.status !== 201) throw new Error(body)
  await pc.setRemoteDescription({ type: 'answer', sdp: body })
  return response.headers.get('Location') as string
}

/** One description of a direct connection with all its candidates: the offer, or the answer to one. */
export const describeDirect = async (offer: string | null): Promise<string> => {
  const own = window as unknown as LatencyWindow
  own.connections ??= []
  const pc = new RTCPeerConnection()
  own.connections.push(pc)
  if (offer) await pc.setRemoteDescription({ type: 'offer', sdp: offer })
  else
    pc.addTransceiver(own.picture.getVideoTracks()[0] as MediaStreamTrack, {
      direction: 'sendonly',
    })
  const gathered = new Promise<void>((resolve) => {
    pc.onicecandidate = ({ candidate }) => {
      if (!candidate) resolve()
    }
  })
  await pc.setLocalDescription()
  await gathered
  return pc.localDescription?.sdp ?? ''
}

/** The answer to this page's last direct offer. */
export const acceptDirect = async (sdp: string): Promise<void> => {
  const { connections } = window as unknown as LatencyWindow
  await connections.at(-1)?.setRemoteDescription({ type: 'answer', sdp })
}
