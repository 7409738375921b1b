import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createDevices } from '../../src/devices/devices.ts'
import type { YuntangError } from '../../src/errors.ts'

class FakeTrack extends EventTarget {
  readyState = 'live'
  constructor(readonly deviceId: string) {
    super()
  }
  getSettings() {
    return { deviceId: this.deviceId, width: 640, height: 360 }
  }
  stop() {
    this.readyState = 'ended'
  }
}

const page = () => {
  const tracks: FakeTrack[] = []
  const state = { refuse: '' }
  vi.stubGlobal('navigator', {
    mediaDevices: {
      addEventListener() {},
      removeEventListener() {},
      enumerateDevices: async () => [
        { kind: 'videoinput', deviceId: 'a', label: 'Front', groupId: '' },
        { kind: 'videoinput', deviceId: 'b', label: 'Back', groupId: '' },
      ],
      getUserMedia: async ({ video }: { video: { deviceId: { exact: string } } }) => {
        if (state.refuse) throw new DOMException('no', state.refuse)
        const track = new FakeTrack(video.deviceId.exact)
        tracks.push(track)
        return { getTracks: () => [track] }
      },
    },
  })
  vi.stubGlobal(
    'MediaStream',
    class {
      constructor(readonly tracks: unknown[]) {}
    },
  )
  return { tracks, state }
}

let world: ReturnType<typeof page>
beforeEach(() => {
  world = page()
})
afterEach(() => vi.unstubAllGlobals())

describe('a preview opens a device for this page alone', () => {
  it('shares its capture with the meeting: whoever closes last frees the camera', async () => {
    const devices = createDevices()
    const preview = await devices.previewCamera()
    const track = await devices.captureCamera(preview.videoID)
    expect(world.tracks).toEqual([track])
    preview.close()
    preview.close()
    expect(track.readyState).toBe('live')
    devices.releaseCameras()
    expect(track.readyState).toBe('ended')
    devices.close()
  })

  it('outlives the meeting that used the same camera', async () => {
    const devices = createDevices()
    const first = await devices.previewCamera()
    await devices.captureCamera(first.videoID)
    devices.releaseCameras()
    expect(world.tracks[0]?.readyState).toBe('live')
    first.close()
    expect(world.tracks[0]?.readyState).toBe('ended')
    devices.close()
  })

  it('takes the default camera of that moment', async () => {
    const devices = createDevices()
    await devices.start()
    const [, back] = devices.cameras
    devices.setDefaultVideo(back?.videoID ?? 0)
    const preview = await devices.previewCamera()
    expect(preview.videoID).toBe(back?.videoID)
    expect(world.tracks[0]?.deviceId).toBe('b')
    preview.close()
    devices.close()
  })

  it.each([
    ['NotAllowedError', 'permission.denied'],
    ['NotFoundError', 'device.none'],
    ['NotReadableError', 'media.failed'],
  ])('%s is %s', async (name, code) => {
    const devices = createDevices()
    world.state.refuse = name
    const failure = devices.previewCamera().catch((error: YuntangError) => error.code)
    expect(await failure).toBe(code)
    devices.close()
  })

  it('given up while opening leaves nothing open', async () => {
    const devices = createDevices()
    const cancel = new AbortController()
    const failure = devices.previewCamera({ signal: cancel.signal })
    cancel.abort(new Error('gone'))
    await expect(failure).rejects.toThrow('gone')
    await vi.waitFor(() => expect(world.tracks.every((t) => t.readyState === 'ended')).toBe(true))
    devices.close()
  })
})
