import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Playback } from '../../src/media/playback.ts'
import type { OwnedDevices } from '../../src/media/port.ts'
import { settle } from '../link/fake-env.ts'

class FakeAudio {
  srcObject: unknown = null
  volume = 1
  muted = false
  paused = true
  sinkId = ''
  blocked = ''
  async play() {
    if (world.blocked) throw new DOMException('no', world.blocked)
    this.paused = false
  }
  async setSinkId(id: string) {
    this.sinkId = id
  }
  remove() {
    world.elements.delete(this)
  }
}

let world = { elements: new Set<FakeAudio>(), gestures: new EventTarget(), blocked: '' }
let configured = () => {}
const devices = {
  speakerVolume: 255,
  sinkId: '',
  onConfig: (listener: () => void) => {
    configured = listener
    return () => {}
  },
}
const stream = () => ({}) as MediaStream
const start = () => new Playback(devices as unknown as OwnedDevices)

beforeEach(() => {
  world = { elements: new Set(), gestures: new EventTarget(), blocked: '' }
  Object.assign(devices, { speakerVolume: 255, sinkId: '' })
  const { gestures } = world
  vi.stubGlobal('document', {
    createElement: () => new FakeAudio(),
    body: { append: (element: FakeAudio) => world.elements.add(element) },
    addEventListener: gestures.addEventListener.bind(gestures),
    removeEventListener: gestures.removeEventListener.bind(gestures),
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('08 §2.3: what is heard', () => {
  it.each(['pointerdown', 'keydown'])(
    'blocked by the browser, it plays from the next %s on',
    async (gesture) => {
      world.blocked = 'NotAllowedError'
      const playback = start()
      playback.add(stream(), false)
      playback.add(stream(), true)
      await settle()
      world.blocked = ''
      world.gestures.dispatchEvent(new Event(gesture))
      await settle()
      expect([...world.elements].map(({ paused }) => paused)).toEqual([false, false])
      playback.close()
      expect(world.elements.size).toBe(0)
    },
  )

  it('08 §4, §5: volume and speaker apply at once, also to what comes later', () => {
    const playback = start()
    playback.add(stream(), false)
    Object.assign(devices, { speakerVolume: 51, sinkId: 'headset' })
    configured()
    playback.add(stream(), true)
    for (const { volume, sinkId } of world.elements)
      expect([volume, sinkId]).toEqual([0.2, 'headset'])
  })

  it('13 §5: media alone can be muted, also the one that comes next', () => {
    const playback = start()
    playback.add(stream(), false)
    playback.add(stream(), true)
    playback.mediaMuted = true
    playback.add(stream(), true)
    expect([...world.elements].map(({ muted }) => muted)).toEqual([false, true, true])
    playback.mediaMuted = false
    expect([...world.elements].some(({ muted }) => muted)).toBe(false)
  })
})
