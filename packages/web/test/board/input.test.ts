import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { followInput, type Touch } from '../../src/board/input.ts'

beforeEach(() => {
  vi.stubGlobal('document', { activeElement: null })
  vi.stubGlobal('HTMLElement', class {})
})
afterEach(() => vi.unstubAllGlobals())

type Kind = 'mouse' | 'pen' | 'touch'

/** A board that writes down what it is told. */
const board = () => {
  const told: string[] = []
  const last: { touch: Touch | null } = { touch: null }
  const box = Object.assign(new EventTarget(), {
    getBoundingClientRect: () => ({ left: 100, top: 50 }),
    setPointerCapture() {},
  })
  const note = (name: string) => (touch: Touch | null) => {
    told.push(name)
    last.touch = touch
  }
  const close = followInput(box as unknown as HTMLElement, {
    pan: note('pan'),
    down: note('down'),
    move: (touches) => note('move')(touches.at(-1) ?? null),
    up: note('up'),
    cancel: () => told.push('cancel'),
    pinch: () => told.push('pinch'),
    wheel() {},
    hover: note('hover'),
    isPanning: () => false,
  })
  const event =
    (name: string) =>
    (id: number, pointerType: Kind, more: object = {}) => {
      const fields = { pointerId: id, pointerType, button: 0, buttons: 1, pressure: 0.25 }
      const place = { clientX: 110, clientY: 70, shiftKey: false }
      box.dispatchEvent(Object.assign(new Event(`pointer${name}`), fields, place, more))
    }
  const [down, move, up] = [event('down'), event('move'), event('up')]
  return { told, last, close, down, move, up }
}

it('places are told from the corner of the board, the pressure of pens only', () => {
  const { down, last, up } = board()
  down(1, 'pen')
  expect(last.touch).toMatchObject({ x: 10, y: 20, pressure: 0.25, isFinger: false })
  up(1, 'pen')
  down(2, 'mouse')
  expect(last.touch?.pressure).toBeNull()
})

it('two fingers pinch: what one of them had begun is given up, and nothing is drawn until both are away', () => {
  const { told, down, move, up } = board()
  down(1, 'touch')
  down(2, 'touch')
  move(2, 'touch')
  up(2, 'touch')
  move(1, 'touch')
  up(1, 'touch')
  expect(told).toEqual(['down', 'cancel', 'pinch'])
  down(3, 'touch')
  expect(told.at(-1)).toBe('down')
})

it('a hand that rests on the screen while a pen draws is no finger', () => {
  const { told, down, move, up } = board()
  down(1, 'pen')
  for (const id of [2, 3, 4]) down(id, 'touch')
  move(3, 'touch')
  move(1, 'pen')
  up(1, 'pen')
  move(2, 'touch')
  for (const id of [2, 3, 4]) up(id, 'touch')
  expect(told).toEqual(['down', 'move', 'up'])
})

it.each([1, 2])('a pen is meant although %i fingers of the hand came down before it', (fingers) => {
  const { told, down, move, up } = board()
  for (let id = 2; id < 2 + fingers; id++) down(id, 'touch')
  told.splice(0)
  down(1, 'pen')
  move(2, 'touch')
  move(1, 'pen')
  up(1, 'pen')
  expect(told.filter((one) => one !== 'cancel')).toEqual(['down', 'move', 'up'])
})

it('the other end of a pen is an eraser, its side button is not ours', () => {
  const { told, last, down, up } = board()
  down(1, 'pen', { button: 2, buttons: 2 })
  expect(told).toEqual([])
  down(1, 'pen', { button: 5, buttons: 32 })
  expect(last.touch?.isEraser).toBe(true)
  up(1, 'pen')
  down(1, 'pen')
  expect(last.touch?.isEraser).toBe(false)
})

it('when it is closed it hears nothing more', () => {
  const { told, close, down } = board()
  close()
  down(1, 'mouse')
  expect(told).toEqual([])
})
