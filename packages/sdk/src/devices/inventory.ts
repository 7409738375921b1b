import { LIMITS } from '@yuntang/protocol'
import type { CameraInfo } from '../api.ts'
import { type CameraMemory, tabMemory } from './camera-memory.ts'
import {
  type CameraNumbers,
  isFront,
  type NamedDevice,
  nameDevices,
  numberCameras,
} from './device-list.ts'

/** Changes within this time are merged (spec 08 §4), ms. */
const MERGE = 300

/** What changed in the lists. */
export interface InventoryChange {
  readonly audio: boolean
  readonly cameras: boolean
  /** Cameras were added or removed, not only renamed. */
  readonly cameraSet: boolean
}

/** Phones and tablets have a front and a back; other computers just have cameras. */
const isHeld = () => navigator.maxTouchPoints > 0

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The devices this page has, kept up to date; never asks for permission. */
export class Inventory {
  mics: readonly NamedDevice[] = []
  speakers: readonly NamedDevice[] = []
  cameras: readonly CameraInfo[] = []
  #front = 0
  #numbers: CameraNumbers = new Map()
  #started: Promise<void> | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #closed = false
  readonly #changed: (change: InventoryChange) => void
  readonly #memory: CameraMemory

  constructor(changed: (change: InventoryChange) => void, memory = tabMemory) {
    this.#changed = changed
    this.#memory = memory
  }

  start(): Promise<void> {
    this.#started ??= this.#start()
    return this.#started
  }

  /** Lists anew a moment later; calls within that moment are merged. */
  readonly refreshSoon = (): void => {
    if (this.#timer !== null || this.#closed) return
    this.#timer = setTimeout(() => {
      this.#timer = null
      this.refresh().catch((error) => console.warn('The devices could not be listed:', error))
    }, MERGE)
  }

  async refresh(): Promise<void> {
    if (!('mediaDevices' in navigator)) return
    const all = await navigator.mediaDevices.enumerateDevices()
    if (this.#closed) return
    const of = (kind: MediaDeviceKind) => all.filter((device) => device.kind === kind)
    const mics = nameDevices(of('audioinput'), 'Microphone')
    const listed = nameDevices(of('audiooutput'), 'Speaker')
    const speakers = listed.length > 0 ? listed : [{ deviceId: '', name: 'Speaker 1' }]
    const named = nameDevices(of('videoinput'), 'Camera').slice(0, LIMITS.camerasPerMember)
    const deviceIds = named.map(({ deviceId }) => deviceId)
    // Before permission cameras have no names by which they could be known again.
    const isFirst = this.#numbers.size === 0 && !deviceIds.includes('')
    this.#numbers = numberCameras(isFirst ? this.#memory.load() : this.#numbers, deviceIds)
    this.#memory.save(this.#numbers)
    const cameras = named
      .map(({ deviceId, name }) => ({ videoID: this.#numbers.get(deviceId) ?? 0, name }))
      .sort((a, b) => a.videoID - b.videoID)
    const ids = (list: readonly CameraInfo[]) => list.map(({ videoID }) => videoID)
    const change = {
      audio: !same(mics, this.mics) || !same(speakers, this.speakers),
      cameras: !same(cameras, this.cameras),
      cameraSet: !same(ids(cameras), ids(this.cameras)),
    }
    this.mics = mics
    this.speakers = speakers
    this.cameras = cameras
    const front = isHeld() ? of('videoinput').find(isFront) : undefined
    this.#front = front ? (this.#numbers.get(front.deviceId) ?? 0) : 0
    if (change.audio || change.cameras) this.#changed(change)
  }

  /** The camera that is the default unless the page chooses: on phones the front one; 0 without any. */
  get firstCamera(): number {
    const front = this.cameras.find(({ videoID }) => videoID === this.#front)
    return (front ?? this.cameras[0])?.videoID ?? 0
  }

  /** Browser's identifier; null when the camera is not there. */
  cameraDevice(videoID: number): string | null {
    if (!this.cameras.some((camera) => camera.videoID === videoID)) return null
    for (const [deviceId, number] of this.#numbers) if (number === videoID) return deviceId
    return null
  }

  /** The nameless camera turned out to be this device. */
  identify(videoID: number, deviceId: string): void {
    if (deviceId === '' || this.#numbers.get('') !== videoID) return
    this.#numbers = numberCameras(this.#numbers, [deviceId])
  }

  close(): void {
    this.#closed = true
    if (this.#timer !== null) clearTimeout(this.#timer)
    if ('mediaDevices' in navigator)
      navigator.mediaDevices.removeEventListener('devicechange', this.refreshSoon)
  }

  async #start(): Promise<void> {
    if ('mediaDevices' in navigator)
      navigator.mediaDevices.addEventListener('devicechange', this.refreshSoon)
    await this.refresh()
  }
}
