import { startServer } from './bench-server.ts'
import { launchBrowser } from './browser.ts'
import { installCardKit } from './card.ts'
import { openPage } from './typed-page.ts'

const PORT = 48_210
const [WIDTH, HEIGHT] = [1920, 1080]
const CARDS = 3
/** From here on small text is read without effort. */
const SHARP = 0.95
/** A card is looked at for so long, ms. */
const LOOK_MS = 5000

/**
 * How soon small text of a still 1080p share is sharp at the receiver: structural similarity of what
 * it decodes to what was drawn, from the moment when the card appears at the sharer. `main` is the
 * built server.
 */
export const sharpBench = async (main: string, print: (line: string) => void): Promise<void> => {
  const server = await startServer(main, PORT)
  const browser = await launchBrowser()
  try {
    const sharer = await openPage(browser, PORT, 'sharer', installCardKit)
    const viewer = await openPage(browser, PORT, 'viewer', installCardKit)
    const shared = await sharer.client.evaluateHandle(
      async (client, [width, height]) => {
        const { id } = await client.meetings.create({ subject: 'bench' })
        const meeting = await client.enter({ id })
        const canvas = document.createElement('canvas')
        Object.assign(canvas, { width, height })
        cardKit.draw(canvas, 0)
        await meeting.screen.start({ source: canvas.captureStream(8) })
        return { id, canvas }
      },
      [WIDTH, HEIGHT] as const,
    )
    const id = await shared.evaluate((it) => it.id)
    const seen = await viewer.client.evaluateHandle(
      async (client, [meetingID, height]) => {
        const meeting = await client.enter({ id: meetingID })
        const video = document.createElement('video')
        Object.assign(video, { muted: true, autoplay: true })
        document.body.append(video)
        meeting.screen.watch({ height }, (stream) => {
          video.srcObject = stream
        })
        return video
      },
      [id, HEIGHT] as const,
    )
    for (let n = 0; n < CARDS; n++) {
      // The first has been there since the share began; each later one replaces the whole picture.
      if (n > 0) await shared.evaluate(({ canvas }, card) => cardKit.draw(canvas, card), n)
      const looks = await seen.evaluate(
        async (video, [card, width, height, time]) => {
          const make = () => Object.assign(document.createElement('canvas'), { width, height })
          const [drawn, got] = [make(), make()]
          cardKit.draw(drawn, card)
          const pixels = (canvas: HTMLCanvasElement) =>
            (canvas.getContext('2d') as CanvasRenderingContext2D).getImageData(0, 0, width, height)
          const wanted = pixels(drawn)
          const from = performance.now()
          const looks: { at: number; likeness: number; lines: number }[] = []
          while (performance.now() - from < time) {
            const at = performance.now() - from
            got.getContext('2d')?.drawImage(video, 0, 0, width, height)
            looks.push({
              at,
              likeness: cardKit.similarity(wanted, pixels(got)),
              lines: video.videoHeight,
            })
            await new Promise((resolve) => setTimeout(resolve, 100))
          }
          return looks
        },
        [n, WIDTH, HEIGHT, LOOK_MS] as const,
      )
      const first = looks.find(({ likeness }) => likeness >= SHARP)
      const after3 = looks.filter(({ at }) => at <= 3000).at(-1)
      const lines = looks.at(-1)?.lines ?? 0
      const what = n === 0 ? 'a share that begins' : `another picture (${n})`
      const when = first ? `${SHARP} after ${(first.at / 1000).toFixed(1)} s` : `never ${SHARP}`
      print(
        `sharp: ${what}: ${lines} lines, similarity ${when}, ${after3?.likeness.toFixed(3)} at 3 s, ${looks.at(-1)?.likeness.toFixed(3)} at the end`,
      )
    }
  } finally {
    await browser.close()
    await server.close()
  }
}
