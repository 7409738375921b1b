import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { type Face, faceFiles } from './media-files.ts'
import { recordFile } from './play-file.ts'

/**
 * Runs in a page before its scripts: `listen()` tells the tones that the page’s audio elements play,
 * in Hz, loudest first; `volume()` the highest that one of them is set to.
 */
export const hearing = `
  globalThis.listen = async () => {
    const context = new AudioContext()
    const ears = [...document.querySelectorAll('audio')]
      .filter(({ srcObject }) => srcObject?.getAudioTracks().length > 0)
      .map(({ srcObject }) => {
        const ear = context.createAnalyser()
        ear.fftSize = 8192
        context.createMediaStreamSource(srcObject).connect(ear)
        return ear
      })
    await new Promise((r) => setTimeout(r, 400))
    const heard = ears.map((ear) => {
      const bins = new Float32Array(ear.frequencyBinCount)
      ear.getFloatFrequencyData(bins)
      let best = 0
      for (let i = 1; i < bins.length; i++) if (bins[i] > bins[best]) best = i
      return { hz: (best * context.sampleRate) / ear.fftSize, loud: bins[best] }
    })
    await context.close()
    return heard.filter(({ loud }) => loud > -60).sort((a, b) => b.loud - a.loud).map(({ hz }) => hz)
  }
  globalThis.volume = () =>
    Math.max(0, ...[...document.querySelectorAll('audio')].map(({ volume }) => volume))
`

interface Filming {
  CRVideo: { vfs: { put(path: string, film: Blob): Promise<void> } }
  film: Blob
}

/** A film that the page makes: a colour with a bar that wanders, and a tone. Takes as long as it is. */
export const filmOf = async (
  page: Page,
  { rgb, tone }: Pick<Face, 'rgb' | 'tone'>,
  seconds: number,
): Promise<Buffer> => {
  await page.evaluate(() => {
    const here = window as unknown as Filming
    const put = async (_: string, film: Blob) => {
      here.film = film
    }
    here.CRVideo = { vfs: { put } }
  })
  await page.evaluate(recordFile, { rgb, tone, seconds, path: 'film.webm' })
  const bytes = await page.evaluate(async () => {
    const { film } = window as unknown as Filming
    return [...new Uint8Array(await film.arrayBuffer())]
  })
  return Buffer.from(bytes)
}

/** The face's tone as a WAV file. */
export const toneOf = (face: Face, seconds = 10): Buffer => {
  const once = readFileSync(faceFiles(face).audio)
  const [head, sound] = [Buffer.from(once.subarray(0, 44)), once.subarray(44)]
  // The face has two seconds of it.
  const whole = Buffer.concat(Array.from({ length: seconds / 2 }, () => sound))
  head.writeUInt32LE(36 + whole.length, 4)
  head.writeUInt32LE(whole.length, 40)
  return Buffer.concat([head, whole])
}
