import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { eventually } from './eventually.ts'

/** Mean colour of what a container of the page shows, by the name of the page's variable; null while empty. */
const colour = (page: Page, container: string) =>
  page.evaluate(async (name) => {
    // biome-ignore lint/security/noGlobalEval: the container is one of the page's own variables
    const bytes = window.eval(name).savePicToArray('bmp') as Uint8Array
    if (bytes.length === 0) return null
    const sum = [0, 0, 0]
    for (let i = 54; i + 2 < bytes.length; i += 3)
      for (const c of [0, 1, 2]) sum[c] = (sum[c] as number) + (bytes[i + 2 - c] as number)
    return sum.map((s) => Math.round(s / ((bytes.length - 54) / 3)))
  }, container)

/** Waits until the container shows this colour. */
export const shows = (page: Page, container: string, rgb: readonly number[]) =>
  eventually(async () => {
    const seen = await colour(page, container)
    expect(seen?.every((value, i) => Math.abs(value - (rgb[i] as number)) < 45)).toBe(true)
  }, 20_000)
