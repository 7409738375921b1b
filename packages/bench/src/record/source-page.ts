/** The picture's brightness goes up once in so many seconds; the tone sounds at the beginning of each. */
export const PERIOD = 2
export const TONE_SECONDS = 0.2

/**
 * Runs in a page first: camera and microphone are a picture whose brightness tells the time and a tone
 * that begins with it, over a hum that never ends, all by the clock of one audio context.
 */
export const fakeDevices = (period: number, toneSeconds: number): void => {
  let made: Promise<MediaStream> | null = null
  const make = async () => {
    const context = new AudioContext({ sampleRate: 48_000 })
    await context.resume()
    const out = context.createMediaStreamDestination()
    const gate = context.createGain()
    gate.gain.value = 0
    gate.connect(out)
    const tone = context.createOscillator()
    tone.frequency.value = 1000
    tone.connect(gate)
    tone.start()
    // Talk does not pause for a recording.
    const hum = context.createOscillator()
    hum.frequency.value = 200
    const low = context.createGain()
    low.gain.value = 0.03
    hum.connect(low).connect(out)
    hum.start()
    const canvas = document.createElement('canvas')
    canvas.width = 640
    canvas.height = 360
    const draw = canvas.getContext('2d') as CanvasRenderingContext2D
    let planned = Math.ceil(context.currentTime / period) + 1
    const paint = () => {
      const now = context.currentTime
      for (; planned * period < now + 1; planned++) {
        gate.gain.setValueAtTime(0.5, planned * period)
        gate.gain.setValueAtTime(0, planned * period + toneSeconds)
      }
      const level = Math.round(((now % period) / period) * 255)
      draw.fillStyle = `rgb(${level},${level},${level})`
      draw.fillRect(0, 0, 640, 360)
      // Something for the encoder to do.
      for (let i = 0; i < 40; i++) {
        draw.fillStyle = `hsl(${i * 9},80%,50%)`
        draw.fillRect((now * 90 + i * 97) % 640, 260 + (i % 5) * 20, 30, 18)
      }
    }
    paint()
    setInterval(paint, 15)
    return new MediaStream([
      ...canvas.captureStream(30).getVideoTracks(),
      ...out.stream.getAudioTracks(),
    ])
  }
  navigator.mediaDevices.getUserMedia = async (wanted) => {
    made ??= make()
    const stream = await made
    return new MediaStream([
      ...(wanted?.video ? stream.getVideoTracks().map((track) => track.clone()) : []),
      ...(wanted?.audio ? stream.getAudioTracks().map((track) => track.clone()) : []),
    ])
  }
}
