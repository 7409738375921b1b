import native, { type PeerConnection, type Track } from 'node-datachannel'
import type { MediaTransport } from '../../src/transport/port.ts'

/** A native connection that plays the page: it offers one video line, the engine answers. */
export const nativePage = async () => {
  const pc: PeerConnection = new native.PeerConnection('page', {
    iceServers: [],
    disableAutoNegotiation: true,
    forceMediaTransport: true,
  })
  const video = new native.Video('0', 'SendRecv')
  video.addVP8Codec(96)
  video.addSSRC(4242, 'page', 'page', 'page')
  const track: Track = pc.addTrack(video)
  const received: Buffer[] = []
  track.onMessage((b) => received.push(b))
  pc.setLocalDescription('offer')
  await new Promise<void>((resolve) => {
    if (pc.gatheringState() === 'complete') resolve()
    else pc.onGatheringStateChange((s) => s === 'complete' && resolve())
  })
  const value = (name: string) =>
    new RegExp(`a=${name}:(.*)`).exec(pc.localDescription()?.sdp ?? '')?.[1]?.trim() ?? ''
  return {
    pc,
    track,
    received,
    parameters: {
      ufrag: value('ice-ufrag'),
      password: value('ice-pwd'),
      fingerprint: value('fingerprint'),
    },
    answer(local: MediaTransport['local'], candidate: string) {
      const sdp = [
        'v=0',
        'o=- 1 1 IN IP4 127.0.0.1',
        's=-',
        't=0 0',
        'a=group:BUNDLE 0',
        'm=video 9 UDP/TLS/RTP/SAVPF 96',
        'c=IN IP4 0.0.0.0',
        'a=mid:0',
        'a=sendrecv',
        'a=rtcp-mux',
        'a=rtpmap:96 VP8/90000',
        `a=ice-ufrag:${local.ufrag}`,
        `a=ice-pwd:${local.password}`,
        `a=fingerprint:${local.fingerprint}`,
        `a=setup:${local.setup}`,
        `a=${candidate}`,
        '',
      ]
      pc.setRemoteDescription(sdp.join('\r\n'), 'answer')
    },
    close() {
      track.close()
      pc.close()
    },
  }
}
