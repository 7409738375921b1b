import type { Unsubscribe } from '../api.ts'
import { onNextGesture } from '../devices/gesture.ts'
import type { OwnedDevices } from './port.ts'

/** Plays the other members' microphones through hidden elements (spec 08 §2.3). */
export class Playback {
  readonly #elements = new Map<MediaStream, HTMLAudioElement>()
  readonly #devices: OwnedDevices
  readonly #endConfig: Unsubscribe
  #endGesture: Unsubscribe | null = null

  constructor(devices: OwnedDevices) {
    this.#devices = devices
    this.#endConfig = devices.onConfig(() => {
      for (const element of this.#elements.values()) this.#configure(element)
    })
  }

  get streams(): readonly MediaStream[] {
    return [...this.#elements.keys()]
  }

  add(stream: MediaStream): void {
    const element = document.createElement('audio')
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

  #configure(element: HTMLAudioElement): void {
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
