import { LIMITS } from '@yuntang/protocol'

/** A device as the browser lists it; identifier and label are empty before permission. */
export interface ListedDevice {
  readonly deviceId: string
  readonly label: string
}

export interface NamedDevice {
  readonly deviceId: string
  /** Never empty, unique in its list. */
  readonly name: string
}

const PSEUDO: ReadonlySet<string> = new Set(['default', 'communications'])

/** Names in enumeration order: labels, or `<noun> 1` … before permission; equal ones get " (2)" (spec 08 §4). */
export function nameDevices(
  devices: readonly ListedDevice[],
  noun: 'Camera' | 'Microphone' | 'Speaker',
): NamedDevice[] {
  const used = new Set<string>()
  return devices
    .filter((device) => !PSEUDO.has(device.deviceId))
    .map(({ deviceId, label }, index) => {
      const base = label.trim().slice(0, LIMITS.deviceNameChars - 8) || `${noun} ${index + 1}`
      let name = base
      for (let n = 2; used.has(name); n++) name = `${base} (${n})`
      used.add(name)
      return { deviceId, name }
    })
}

/** Whether a camera looks at who holds the phone: browsers tell by capability or in the label. */
export const isFront = (device: ListedDevice & Partial<Pick<InputDeviceInfo, 'getCapabilities'>>) =>
  device.getCapabilities?.().facingMode?.includes('user') ?? /\bfront\b|前置/i.test(device.label)

/** Which physical camera has which `videoID`; a camera keeps its number while the page lives. */
export type CameraNumbers = ReadonlyMap<string, number>

/**
 * Numbers cameras 1, 2, … in enumeration order (spec 08 §6.1). The nameless camera that browsers list
 * before permission hands its number on to the first real one.
 */
export function numberCameras(known: CameraNumbers, deviceIds: readonly string[]): CameraNumbers {
  const numbers = new Map(known)
  const nameless = numbers.get('')
  const newcomers = deviceIds.filter((id) => !numbers.has(id))
  const [heir] = newcomers
  if (nameless !== undefined && heir !== undefined) {
    numbers.delete('')
    numbers.set(heir, nameless)
    newcomers.shift()
  }
  for (const id of newcomers) numbers.set(id, Math.max(0, ...numbers.values()) + 1)
  return numbers
}
