import type { Face } from './media-files.ts'

/** What a page is to make a media file of. */
export type FileWish = Pick<Face, 'rgb' | 'tone'> & { path: string; seconds: number }

/**
 * Runs in a page: records a colour that fills the picture, with a bar that wanders, and a tone, and
 * stores the file under the path. Takes as long as the file is.
 */
export const recordFile = async ({ rgb, tone, path, seconds }: FileWish): Promise<void> => {
  const canvas = document.createElement('canvas')
  canvas.width = 320
  canvas.height = 180
  const draw = canvas.getContext('2d') as CanvasRenderingContext2D
  let n = 0
  const paint = () => {
    draw.fillStyle = `rgb(${rgb.join(',')})`
    draw.fillRect(0, 0, 320, 180)
    draw.fillStyle = '#fff'
    draw.fillRect((n++ * 8) % 300, 0, 20, 20)
  }
  paint()
  const timer = setInterval(paint, 60)
  const context = new AudioContext()
  const oscillator = context.createOscillator()
  oscillator.frequency.value = tone
  const sound = context.createMediaStreamDestination()
  oscillator.connect(sound)
  oscillator.start()
  const stream = new MediaStream([
    ...canvas.captureStream(15).getTracks(),
    ...sound.stream.getTracks(),
  ])
  const recorder = new MediaRecorder(stream, { mimeType: 'video/webm' })
  const parts: Blob[] = []
  recorder.ondataavailable = ({ data }) => parts.push(data)
  recorder.start()
  await new Promise((r) => setTimeout(r, seconds * 1000))
  await new Promise((r) => {
    recorder.onstop = r
    recorder.stop()
  })
  clearInterval(timer)
  await context.close()
  const { vfs } = (
    window as unknown as { CRVideo: { vfs: { put(path: string, data: Blob): Promise<void> } } }
  ).CRVideo
  await vfs.put(path, new Blob(parts, { type: 'video/webm' }))
}
