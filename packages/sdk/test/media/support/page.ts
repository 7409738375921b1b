import { createDevices } from '../../../src/devices/devices.ts'
import { createMeetingMedia } from '../../../src/media/meeting-media.ts'
import type { LocalTrack, MeetingMedia, RtcOffer, RtcRequest } from '../../../src/media/port.ts'
import { Serial } from '../../../src/media/serial.ts'

/** A far end made of plain browser connections: sends everything back as the member `bob`. */
function echo(offer: (change: RtcOffer) => void) {
  let up = new RTCPeerConnection()
  let down = new RTCPeerConnection()
  const calls: string[] = []
  const serial = new Serial()
  let version = 0
  let last: RtcOffer | null = null
  /** `down` has answered the page and may offer by itself. */
  let ready = false
  let answered: (sdp: string) => Promise<void> = async () => {}

  const gathered = async (pc: RTCPeerConnection) => {
    while (pc.iceGatheringState !== 'complete') await new Promise((next) => setTimeout(next, 20))
    return pc.localDescription?.sdp ?? ''
  }
  const answer = async (pc: RTCPeerConnection, sdp: string) => {
    await pc.setRemoteDescription({ type: 'offer', sdp })
    await pc.setLocalDescription()
    return await gathered(pc)
  }
  const sendBack = (tracks: readonly { mid: string; kind: 'mic' | 'camera'; videoID: number }[]) =>
    serial.run(async () => {
      while (!ready) await new Promise((next) => setTimeout(next, 20))
      for (const sender of down.getSenders()) down.removeTrack(sender)
      const sent = tracks.map((info) => {
        const track = up.getTransceivers().find(({ mid }) => mid === info.mid)?.receiver.track
        if (!track) throw new Error('A published track has no m-line')
        return { info, sender: down.addTrack(track) }
      })
      await down.setLocalDescription()
      const applied = new Promise<void>((done) => {
        answered = async (sdp) => {
          await down.setRemoteDescription({ type: 'answer', sdp })
          done()
        }
      })
      const mids = sent.map(({ info, sender }) => {
        const mid = down.getTransceivers().find((line) => line.sender === sender)?.mid ?? ''
        return { mid, userID: 'bob', kind: info.kind, videoID: info.videoID }
      })
      last = { sdp: await gathered(down), version: ++version, tracks: mids }
      offer(last)
      await applied
    })

  const request = (async (method: string, params: never) => {
    calls.push(method)
    const { sdp, tracks = [] } = params as { sdp: string; tracks?: Parameters<typeof sendBack>[0] }
    if (method === 'rtc.publish') {
      const reply = await answer(up, sdp)
      sendBack(tracks).catch(console.error)
      return { sdp: reply }
    }
    if (method === 'rtc.receive') {
      const reply = await answer(down, sdp)
      ready = true
      return { sdp: reply, version: ++version }
    }
    if (method === 'rtc.answer') await answered(sdp)
    return {}
  }) as RtcRequest

  return {
    request,
    calls,
    lastOffer: () => last,
    lose() {
      ready = false
      up.close()
      down.close()
      up = new RTCPeerConnection()
      down = new RTCPeerConnection()
    },
  }
}

// Chromium's second fake camera delivers no picture here: tests use 1 and 3.
const devices = createDevices()
const events: string[] = []
let media: MeetingMedia
const far = echo((change) => media.offer(change))
media = createMeetingMedia({
  request: far.request,
  devices,
  relays: null,
  me: 'alice',
  micOpen: () => true,
  heardChanged: () => {},
  stream: (userID, videoID, stream) => events.push(`${userID}/${videoID}:${stream !== null}`),
  screenStream: (userID, stream) => events.push(`${userID}/screen:${stream !== null}`),
  mediaStream: (userID, stream) => events.push(`${userID}/media:${stream !== null}`),
  energy: (userID, old, now) => events.push(`energy ${userID} ${old}>${now}`),
  network: (level) => events.push(`network ${level}`),
})

/** Resolves with the width of bob's camera picture once it plays. */
async function width(videoID: number): Promise<number> {
  const video = document.createElement('video')
  video.muted = true
  const until = performance.now() + 10_000
  while (performance.now() < until) {
    const stream = media.stream('bob', videoID)
    if (stream && video.srcObject !== stream) {
      video.srcObject = stream
      video.play().catch(() => {})
    }
    if (video.videoWidth > 2 && video.currentTime > 0) return video.videoWidth
    await new Promise((next) => setTimeout(next, 50))
  }
  return 0
}

const mic = async (): Promise<LocalTrack> => ({
  kind: 'mic',
  videoID: 0,
  track: await devices.captureMic(),
})
const camera = async (videoID: number): Promise<LocalTrack> => ({
  kind: 'camera',
  videoID,
  track: await devices.captureCamera(videoID),
})

Object.assign(window, { page: { devices, media, far, events, width, mic, camera } })
declare global {
  interface Window {
    page: {
      devices: typeof devices
      media: MeetingMedia
      far: ReturnType<typeof echo>
      events: string[]
      width: typeof width
      mic: typeof mic
      camera: typeof camera
    }
  }
}
