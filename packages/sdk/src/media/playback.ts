import type { Unsubscribe } from '../api.ts'
import { onNextGesture } from '../devices/gesture.ts'
import type { OwnedDevices } from './port.ts'

/** Plays the other members' microphones and media through hidden elements (spec 08 §2.3). */
export class Playback {
  readonly #elements = new Map<MediaStream, HTMLAudioElement>()
  readonly #media = new WeakSet<HTMLAudioElement>()
  #mediaMuted = false
  readonly #devices: OwnedDevices
  readonly #endConfig: Unsubscribe
  #endGesture: Unsubscribe | null = null

  constructor(devices: OwnedDevices) {
    this.#devices = devices
    this.#endConfig = devices.onConfig(() => {
      this.#configureAll()
    })
  }

  set mediaMuted(on: boolean) {
    this.#mediaMuted = on
    this.#configureAll()
  }

  get streams(): readonly MediaStream[] {
    return [...this.#elements.keys()]
  }

  /** `isMedia`: of shared media, not of a microphone. */
  add(stream: MediaStream, isMedia: boolean): void {
    const element = document.createElement('audio')
    if (isMedia) this.#media.add(element)
    element.hidden = true
    element.autoplay = true
    element.srcObject = stream
    this.#elements.set(stream, element)
    document.body.append(element)
    this.#configure(element)
    this.#play(element)
  }

  remove(stream: MediaStream): void {
    const element = this.#elements.get(stream)
    if (!element) return
    this.#elements.delete(stream)
    element.srcObject = null
    element.remove()
  }

  close(): void {
    this.#endConfig()
    this.#endGesture?.()
    for (const stream of [...this.#elements.keys()]) this.remove(stream)
  }

  #configureAll(): void {
    for (const element of this.#elements.values()) this.#configure(element)
  }

  #configure(element: HTMLAudioElement): void {
    element.muted = this.#mediaMuted && this.#media.has(element)
    element.volume = this.#devices.speakerVolume / 255
    const { sinkId } = this.#devices
    if ('setSinkId' in element && element.sinkId !== sinkId)
      element.setSinkId(sinkId).catch((error) => {
        console.warn('The speaker could not be chosen:', error)
      })
  }

  #play(element: HTMLAudioElement): void {
    element.play().catch((error: unknown) => {
      if (!(error instanceof DOMException) || error.name !== 'NotAllowedError') return
      this.#endGesture ??= onNextGesture(() => {
        this.#endGesture = null
        for (const blocked of this.#elements.values()) if (blocked.paused) this.#play(blocked)
      })
    })
  }
}
