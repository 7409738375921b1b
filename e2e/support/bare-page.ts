import type { MediaEngine } from '@yuntang/media'
import type { Page } from 'playwright-core'

interface Window {
  pub: RTCPeerConnection
  sub: RTCPeerConnection
  stream: MediaStream
}

const offerMic = async () => {
  const own = window as unknown as Window
  own.pub = new RTCPeerConnection()
  // A tone that goes on would be taken for noise.
  const audio = { echoCancellation: false, noiseSuppression: false, autoGainControl: false }
  const mic = await navigator.mediaDevices.getUserMedia({ audio })
  own.pub.addTransceiver(mic.getAudioTracks()[0] as MediaStreamTrack, { direction: 'sendonly' })
  await own.pub.setLocalDescription()
  return own.pub.localDescription?.sdp ?? ''
}

const offerEars = async () => {
  const own = window as unknown as Window
  own.sub = new RTCPeerConnection()
  own.stream = new MediaStream()
  own.sub.ontrack = ({ track }) => {
    own.stream.addTrack(track)
    const audio = document.body.appendChild(document.createElement('audio'))
    audio.srcObject = own.stream
    void audio.play()
  }
  own.sub.addTransceiver('audio', { direction: 'recvonly' })
  own.sub.addTransceiver('video', { direction: 'recvonly' })
  await own.sub.setLocalDescription()
  return own.sub.localDescription?.sdp ?? ''
}

const accept = async ([side, sdp]: readonly ['pub' | 'sub', string]) => {
  await (window as unknown as Window)[side].setRemoteDescription({ type: 'answer', sdp })
}

const answer = async (sdp: string) => {
  const { sub } = window as unknown as Window
  await sub.setRemoteDescription({ type: 'offer', sdp })
  await sub.setLocalDescription()
  return sub.localDescription?.sdp ?? ''
}

/** A page that is in a room of the engine with its microphone and ears, without anything of ours. */
export const joinBare = async (
  page: Page,
  engine: MediaEngine,
  at: { room: string; peer: string },
) => {
  engine.on('offer', async (o) => {
    if (o.room !== at.room || o.peer !== at.peer) return
    await engine.answer({ ...at, version: o.version, sdp: await page.evaluate(answer, o.sdp) })
  })
  const offer = await page.evaluate(offerMic)
  const tracks = [{ mid: '0', track: 'mic', kind: 'audio' }] as const
  const sent = await engine.publish({ ...at, offer, tracks })
  await page.evaluate(accept, ['pub', sent.answer] as const)
  const ears = await engine.receive({ ...at, offer: await page.evaluate(offerEars) })
  await page.evaluate(accept, ['sub', ears.answer] as const)
}

/** What the page hears: its loudest frequency, how loud that is (dB), and the level that packets tell of (0 to 1). */
export const heardByPage = (page: Page) =>
  page.evaluate(async () => {
    const { sub, stream } = window as unknown as Window
    const none = { hz: 0, loud: -1000, level: 0 }
    if (!stream?.getAudioTracks().length) return none
    const context = new AudioContext()
    const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 })
    context.createMediaStreamSource(stream).connect(analyser)
    await new Promise((resolve) => setTimeout(resolve, 400))
    const bins = new Float32Array(analyser.frequencyBinCount)
    analyser.getFloatFrequencyData(bins)
    const loud = Math.max(...bins)
    const rate = context.sampleRate
    await context.close()
    const [receiver] = sub.getReceivers().filter((r) => r.track.kind === 'audio')
    const [source] = receiver?.getSynchronizationSources() ?? []
    return { hz: (bins.indexOf(loud) * rate) / 8192, loud, level: source?.audioLevel ?? 0 }
  })
