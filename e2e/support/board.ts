import type { Page } from 'playwright-core'
import { eventually } from './eventually.ts'
import { at } from './web-app.ts'

/** A place as parts of the board's page: 0, 0 is its upper left corner. */
export type Part = readonly [x: number, y: number]

const WIDTH = 1280
const HEIGHT = 720

/** Where the whole page stands on the screen when nobody has zoomed. */
const sheetOf = async (page: Page) => {
  const box = await at(page, 'board-paper').boundingBox()
  if (!box) throw new Error('There is no board on the screen')
  const margin = Math.min(16, box.width / 40)
  const scale = Math.min((box.width - 2 * margin) / WIDTH, (box.height - 2 * margin) / HEIGHT)
  return {
    x: box.x + (box.width - WIDTH * scale) / 2,
    y: box.y + (box.height - HEIGHT * scale) / 2,
    width: WIDTH * scale,
    height: HEIGHT * scale,
  }
}

export const screenAt = async (page: Page, [x, y]: Part): Promise<Part> => {
  const sheet = await sheetOf(page)
  return [sheet.x + sheet.width * x, sheet.y + sheet.height * y]
}

/** Draws with the mouse through these places. */
export const drag = async (page: Page, ...way: Part[]): Promise<void> => {
  const [first, ...rest] = await Promise.all(way.map((part) => screenAt(page, part)))
  if (!first) return
  await page.mouse.move(...first)
  await page.mouse.down()
  for (const place of rest) await page.mouse.move(...place, { steps: 8 })
  await page.mouse.up()
}

export const clickAt = async (page: Page, part: Part): Promise<void> =>
  page.mouse.click(...(await screenAt(page, part)))

/** What a person sees there: the colour of the topmost canvas that has one. */
export const colourAt = async (
  page: Page,
  part: Part,
): Promise<readonly [number, number, number]> => {
  const [x, y] = await screenAt(page, part)
  return at(page, 'board-paper').evaluate(
    (paper, place) => {
      const canvases = [...paper.querySelectorAll('canvas')].reverse()
      const seen = canvases.map((canvas) => {
        const box = canvas.getBoundingClientRect()
        const scale = canvas.width / box.width
        const context = canvas.getContext('2d')
        return context?.getImageData((place.x - box.x) * scale, (place.y - box.y) * scale, 1, 1)
          .data
      })
      const [r = 0, g = 0, b = 0] = seen.find((data) => (data?.[3] ?? 0) > 200) ?? []
      return [r, g, b] as const
    },
    { x, y },
  )
}

/** How many pixels on the page have something written on them. */
export const inkOf = (page: Page): Promise<number> =>
  at(page, 'board-paper').evaluate((paper) => {
    let count = 0
    for (const canvas of [...paper.querySelectorAll('canvas')].slice(1)) {
      const { data } = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height) ?? {
        data: [],
      }
      for (let i = 3; i < data.length; i += 4) if (Number(data[i]) > 100) count++
    }
    return count
  })

const near = (a: readonly number[], b: readonly number[]) =>
  a.every((one, i) => Math.abs(one - (b[i] ?? 0)) < 40)

export const hexOf = (hex: string): readonly [number, number, number] => {
  const part = (from: number) => Number.parseInt(hex.slice(from, from + 2), 16)
  return [part(1), part(3), part(5)]
}

/** Waits until this colour is seen at a place. */
export const expectColour = (page: Page, part: Part, hex: string): Promise<void> =>
  eventually(async () => {
    const seen = await colourAt(page, part)
    if (!near(seen, hexOf(hex))) throw new Error(`Wanted ${hex} at ${part}, saw ${seen}`)
  })

export const expectInk = (page: Page, has: boolean): Promise<void> =>
  eventually(async () => {
    const count = await inkOf(page)
    if (count > 20 !== has) throw new Error(`${count} pixels are written on`)
  })

/** Draws with a pen that presses harder on its way, from `light` to `firm` (0–1). */
export const drawWithPen = async (
  page: Page,
  [from, to]: readonly [Part, Part],
  [light, firm]: readonly [number, number],
): Promise<void> => {
  const tools = await page.context().newCDPSession(page)
  const [a, b] = [await screenAt(page, from), await screenAt(page, to)]
  const steps = 20
  for (let i = 0; i <= steps; i++) {
    const share = i / steps
    await tools.send('Input.dispatchMouseEvent', {
      type: i === 0 ? 'mousePressed' : i === steps ? 'mouseReleased' : 'mouseMoved',
      pointerType: 'pen',
      button: 'left',
      buttons: i === steps ? 0 : 1,
      clickCount: 1,
      force: light + (firm - light) * share,
      x: a[0] + (b[0] - a[0]) * share,
      y: a[1] + (b[1] - a[1]) * share,
    })
  }
  await tools.detach()
}

/** Drags files of this machine onto the board; `over` is asked while they hang there. */
export const dropFiles = async (
  page: Page,
  part: Part,
  files: string[],
  over: () => Promise<unknown> = async () => {},
): Promise<void> => {
  const tools = await page.context().newCDPSession(page)
  const [x, y] = await screenAt(page, part)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver'] as const)
    await tools.send('Input.dispatchDragEvent', { type, x, y, data })
  await over()
  await tools.send('Input.dispatchDragEvent', { type: 'drop', x, y, data })
  await tools.detach()
}

/** One finger after another touches the screen, each on its way; all are lifted at the end. */
export const touchAlong = async (page: Page, ...ways: (readonly [Part, Part])[]): Promise<void> => {
  const tools = await page.context().newCDPSession(page)
  const ends = await Promise.all(
    ways.map((way) => Promise.all(way.map((part) => screenAt(page, part)))),
  )
  const at = (share: number) =>
    ends.map(([a = [0, 0], b = [0, 0]], id) => ({
      id,
      x: a[0] + (b[0] - a[0]) * share,
      y: a[1] + (b[1] - a[1]) * share,
    }))
  const steps = 12
  await tools.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  for (let i = 1; i <= steps; i++)
    await tools.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(i / steps) })
  await tools.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
  await tools.detach()
}

/** How thick a line is at a place that it crosses sideways, in pixels of the canvas. */
export const thicknessAt = async (page: Page, part: Part): Promise<number> => {
  const [x, y] = await screenAt(page, part)
  return at(page, 'board-paper').evaluate(
    (paper, place) => {
      const counts = [...paper.querySelectorAll('canvas')].slice(1).map((canvas) => {
        const box = canvas.getBoundingClientRect()
        const scale = canvas.width / box.width
        const [left, top] = [(place.x - box.x) * scale, (place.y - box.y) * scale]
        const { data } = canvas.getContext('2d')?.getImageData(left, top - 30, 1, 60) ?? {
          data: [],
        }
        let count = 0
        for (let i = 3; i < data.length; i += 4) if (Number(data[i]) > 100) count++
        return count
      })
      return Math.max(0, ...counts)
    },
    { x, y },
  )
}
