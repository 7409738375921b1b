/** Who keeps which capture open: it ends with its last user. */
export class DeviceUsers<Device> {
  readonly #users = new Map<Device, Set<object>>()

  add(device: Device, user: object): void {
    const users = this.#users.get(device) ?? new Set()
    this.#users.set(device, users.add(user))
  }

  /** True when nobody uses the device any more. */
  remove(device: Device, user: object): boolean {
    const users = this.#users.get(device)
    users?.delete(user)
    if (users && users.size > 0) return false
    this.#users.delete(device)
    return true
  }

  /** The devices of one user. */
  of(user: object): Device[] {
    return [...this.#users].flatMap(([device, users]) => (users.has(user) ? [device] : []))
  }
}
