import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMessage, writeMessage } from '../../src/share/control-messages.ts'
import {
  flipped,
  MOST_ZOOM,
  moved,
  pinchedTo,
  settled,
  WHOLE,
  zoomed,
} from '../../src/share/zoom.ts'

const area = { width: 390, height: 220 }

describe('looking closer at a share', () => {
  it('what is under the finger stays there', () => {
    const view = zoomed(WHOLE, 2, { x: 195, y: 110 }, area)
    expect(view).toEqual({ scale: 2, x: -195, y: -110 })
    expect(zoomed(view, 0.5, { x: 0, y: 0 }, area)).toEqual(WHOLE)
  })

  it('two fingers that part show the middle between them larger', () => {
    const now = pinchedTo(
      WHOLE,
      [
        { x: 100, y: 100 },
        { x: 200, y: 100 },
      ],
      [
        { x: 50, y: 100 },
        { x: 250, y: 100 },
      ],
      area,
    )
    expect(now).toEqual({ scale: 2, x: -150, y: -100 })
  })

  it('a double tap shows the place close up, and the whole again', () => {
    const near = flipped(WHOLE, { x: 390, y: 0 }, area)
    expect(near).toEqual({ scale: 2.5, x: -585, y: 0 })
    expect(flipped(near, { x: 1, y: 1 }, area)).toEqual(WHOLE)
  })

  it('whatever fingers do: never smaller than the whole, never beside it', () => {
    const side = fc.integer({ min: -2000, max: 2000 })
    const view = fc.record({
      scale: fc.double({ min: 0.01, max: 50, noNaN: true }),
      x: side,
      y: side,
    })
    fc.assert(
      fc.property(view, fc.record({ x: side, y: side }), (from, by) => {
        const { scale, x, y } = moved(settled(from, area), by, area)
        expect(scale).toBeGreaterThanOrEqual(1)
        expect(scale).toBeLessThanOrEqual(MOST_ZOOM)
        expect(x).toBeLessThanOrEqual(0)
        expect(y).toBeLessThanOrEqual(0)
        expect(x + area.width * scale).toBeGreaterThanOrEqual(area.width - 1e-6)
        expect(y + area.height * scale).toBeGreaterThanOrEqual(area.height - 1e-6)
      }),
    )
  })
})

describe('asking for control', () => {
  it('its messages are told from commands of applications', () => {
    expect(readMessage(writeMessage({ share: 'ask' }))).toEqual({ share: 'ask' })
    for (const other of [
      '',
      'ask',
      '{}',
      '{"share":"give"}',
      '{"share":1}',
      '[]',
      '{"dual":"ask"}',
    ])
      expect(readMessage(other)).toBeNull()
  })
})
