import { GlobalWorkerOptions, getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs'
import workerURL from 'pdfjs-dist/legacy/build/pdf.worker.min.mjs?url'
import type { Size } from './elements.ts'
import { fileOf } from './picture-files.ts'

GlobalWorkerOptions.workerSrc = workerURL

// Everything comes from this server: character maps, the standard fonts and the codecs.
const byName = (found: Record<string, unknown>) =>
  new Map(Object.entries(found).map(([path, url]) => [path.split('/').at(-1) ?? '', String(url)]))
const CMAPS = byName(
  import.meta.glob('../../../../node_modules/pdfjs-dist/cmaps/*.bcmap', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
)
const FONTS = byName(
  import.meta.glob('../../../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
)
const CODECS = byName(
  import.meta.glob('../../../../node_modules/pdfjs-dist/wasm/*.wasm', {
    query: '?url',
    import: 'default',
    eager: true,
  }),
)

const bytesOf = async (files: ReadonlyMap<string, string>, name: string): Promise<Uint8Array> => {
  const url = files.get(name)
  const answer = url ? await fetch(url) : null
  if (!answer?.ok) throw new Error(`No ${name}`)
  return new Uint8Array(await answer.arrayBuffer())
}

class CMapReaderFactory {
  async fetch({ name }: { name: string }) {
    return { cMapData: await bytesOf(CMAPS, `${name}.bcmap`), isCompressed: true }
  }
}
class StandardFontDataFactory {
  fetch = ({ filename }: { filename: string }) => bytesOf(FONTS, filename)
}
class WasmFactory {
  fetch = ({ filename }: { filename: string }) => bytesOf(CODECS, filename)
}

/** Board units of the longer side of a document's pages. */
const LONGER = 1280
/** Pixels for a board unit. */
const SHARPNESS = 1.75

export interface PdfDocument {
  readonly pageCount: number
  /** Of the first page, in board units; all pages are put into that. */
  readonly size: Size
  /** `page` from 0. */
  render(page: number): Promise<Blob>
  close(): Promise<void>
}

/** Rejects with `locked` as its message when there is a password. */
export const openPdf = async (file: Blob): Promise<PdfDocument> => {
  const task = getDocument({
    data: new Uint8Array(await file.arrayBuffer()),
    CMapReaderFactory,
    StandardFontDataFactory,
    WasmFactory,
    useWorkerFetch: false,
    isEvalSupported: false,
    enableXfa: false,
  })
  const pdf = await task.promise.catch((error: unknown) => {
    throw error instanceof Error && error.name === 'PasswordException' ? new Error('locked') : error
  })
  const first = (await pdf.getPage(1)).getViewport({ scale: 1 })
  const unit = LONGER / Math.max(first.width, first.height)
  const size = {
    width: Math.max(16, Math.round(first.width * unit)),
    height: Math.max(16, Math.round(first.height * unit)),
  }
  return {
    pageCount: pdf.numPages,
    size,
    async render(no) {
      const page = await pdf.getPage(no + 1)
      const plain = page.getViewport({ scale: 1 })
      const fit = Math.min(size.width / plain.width, size.height / plain.height) * SHARPNESS
      const canvas = document.createElement('canvas')
      canvas.width = Math.round(size.width * SHARPNESS)
      canvas.height = Math.round(size.height * SHARPNESS)
      const viewport = page.getViewport({
        scale: fit,
        offsetX: (canvas.width - plain.width * fit) / 2,
        offsetY: (canvas.height - plain.height * fit) / 2,
      })
      await page.render({ canvas, viewport, background: '#ffffff' }).promise
      page.cleanup()
      return fileOf(canvas)
    },
    close: () => task.destroy(),
  }
}
