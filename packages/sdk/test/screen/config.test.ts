import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../../src/crvideo/functions/screen.ts'
import { DEFAULT_SCREEN, displayOptions, screenConfig } from '../../src/screen/config.ts'
import { shareArea } from '../../src/screen/region.ts'

describe('09 §1–2: configuration', () => {
  it.each([
    [{}, DEFAULT_SCREEN],
    [{ maxKbps: 800_000 }, { ...DEFAULT_SCREEN, maxKbps: 800 }],
    [{ maxKbps: 9_999 }, { ...DEFAULT_SCREEN, maxKbps: 9_999 }],
    [{ maxKbps: 1 }, { ...DEFAULT_SCREEN, maxKbps: 50 }],
    [{ maxKbps: 99_000_000 }, { ...DEFAULT_SCREEN, maxKbps: 20_000 }],
    [{ maxFPS: 60 }, { ...DEFAULT_SCREEN, maxFPS: 30 }],
    [{ maxFPS: Number.NaN }, DEFAULT_SCREEN],
    [{ maxFPS: 0 }, { ...DEFAULT_SCREEN, maxFPS: 1 }],
    [{ catchWnd: -1 }, { ...DEFAULT_SCREEN, catchWnd: -1 }],
  ])('%j', (given, expected) => expect(screenConfig(given)).toEqual(expected))

  it('asks for the surface that the configuration names', () => {
    const asked = (given: object) => JSON.stringify(displayOptions(screenConfig(given)))
    expect(asked({})).toContain('"displaySurface":"monitor"')
    expect(asked({ catchWnd: 4711 })).toContain('"displaySurface":"window"')
    expect(asked({ catchWnd: -1 })).toContain('"preferCurrentTab":true')
    const catchRect = { left: 0, top: 0, width: 9, height: 9 }
    expect(asked({ catchRect, catchWnd: 1 })).toContain('"displaySurface":"monitor"')
    // A region of this tab is possible, too: remote control adds its offset (§7.1).
    expect(asked({ catchRect, catchWnd: -1 })).toContain('"preferCurrentTab":true')
    expect(asked({ catchWnd: -2 })).toContain('"displaySurface":"monitor"')
    expect(asked({ maxFPS: 5 })).toContain('"frameRate":{"max":5}')
    expect(asked({})).toContain('"audio":false')
  })

  it('07 §1.2: of a page’s numbers a missing one is the default, an unreadable one stays', () => {
    const now = screenConfig({
      encodeType: 1,
      maxFPS: 12,
      maxKbps: 400,
      catchRect: { left: 1, top: 2, width: 30, height: 40 },
    })
    expect(readConfig({}, now)).toEqual(DEFAULT_SCREEN)
    expect(
      readConfig(
        {
          encodeType: null,
          maxFPS: Number.NaN,
          maxKbps: '',
          catchRect: { width: '50', height: null },
        },
        now,
      ),
    ).toEqual({ ...now, catchRect: { left: 0, top: 0, width: 50, height: 40 } })
    expect(readConfig({ encodeType: '1', maxFPS: ' 20 ', catchWnd: '-1' }, DEFAULT_SCREEN)).toEqual(
      {
        ...DEFAULT_SCREEN,
        encodeType: 1,
        maxFPS: 20,
        catchWnd: -1,
      },
    )
    expect(readConfig({ catchRect: { width: 5 } }, DEFAULT_SCREEN)).toEqual(DEFAULT_SCREEN)
  })
})

describe('09 §1: region', () => {
  const surface = { width: 1920, height: 1080 }

  it.each([
    [undefined, { x: 0, y: 0, w: 1920, h: 1080 }],
    [
      { left: 100, top: 50, width: 640, height: 360 },
      { x: 100, y: 50, w: 640, h: 360 },
    ],
    [
      { left: -100, top: 1000, width: 640, height: 360 },
      { x: 0, y: 1000, w: 540, h: 80 },
    ],
    [
      { left: 5000, top: 0, width: 10, height: 10 },
      { x: 0, y: 0, w: 1920, h: 1080 },
    ],
  ])('%j is intersected with the surface', (wish, expected) =>
    expect(shareArea(surface, wish)).toEqual(expected),
  )

  it('whatever is wished: even, not empty, inside the surface', () => {
    const side = fc.integer({ min: -3000, max: 6000 })
    const wish = fc.record({ left: side, top: side, width: side, height: side })
    fc.assert(
      fc.property(wish, (w) => {
        const area = shareArea(surface, w)
        for (const value of Object.values(area)) expect(value % 2).toBe(0)
        expect(area.w).toBeGreaterThan(0)
        expect(area.h).toBeGreaterThan(0)
        expect(area.x + area.w).toBeLessThanOrEqual(surface.width)
        expect(area.y + area.h).toBeLessThanOrEqual(surface.height)
      }),
    )
  })
})
