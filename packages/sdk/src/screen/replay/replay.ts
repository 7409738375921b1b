import type { KeyInput, MouseInput } from '@yuntang/protocol'
import type { RemoteKeyDetail, RemoteMouseDetail, ShareArea } from '../api.ts'
import { keyOf } from '../keyboard.ts'
import { KeyReplay } from './keys.ts'
import { MouseReplay } from './mouse.ts'

export interface ReplaySurface {
  /** Native pixels of the whole surface. */
  readonly size: { readonly width: number; readonly height: number }
  readonly area: ShareArea
  /** The surface is proven to be this very tab: only then anything is replayed. */
  readonly isThisTab: boolean
}

/** The holder's messages in the sharer's page: told as events, and replayed in this tab (spec 09 §7.1). */
export class Replay {
  readonly #keys: KeyReplay
  readonly #mouse: MouseReplay
  #active = false

  constructor(private readonly surface: () => ReplaySurface | null) {
    this.#keys = new KeyReplay(() => document)
    this.#mouse = new MouseReplay(
      () => document,
      () => this.#keys.modifiers,
    )
  }

  /** A message is being carried out right now, by what it makes the page do. */
  get active(): boolean {
    return this.#active
  }

  carryOut(userID: string, input: MouseInput | KeyInput): void {
    const surface = this.surface()
    if (!surface) return
    this.#active = true
    try {
      if ('mouse' in input) this.#mouseInput(userID, input, surface)
      else this.#keyInput(userID, input, surface)
    } finally {
      this.#active = false
    }
  }

  /** The right is gone, or messages were lost: keys and buttons do not stay down. */
  releaseAll(): void {
    this.#active = true
    try {
      this.#keys.releaseAll()
      this.#mouse.release()
    } finally {
      this.#active = false
    }
  }

  #mouseInput(userID: string, m: MouseInput, { size, area, isThisTab }: ReplaySurface): void {
    const x = Math.min(m.x, area.w - 1)
    const y = Math.min(m.y, area.h - 1)
    const detail: RemoteMouseDetail = {
      userID,
      msgType: m.mouse,
      keyType: m.button,
      x,
      y,
      shareW: area.w,
      shareH: area.h,
    }
    const wanted = tell('crvideo-remote-mouse', detail)
    if (!wanted || !isThisTab) return
    const left = ((area.x + x) / size.width) * window.innerWidth
    const top = ((area.y + y) / size.height) * window.innerHeight
    this.#mouse.act(m.mouse, m.button, left, top)
  }

  #keyInput(userID: string, k: KeyInput, { isThisTab }: ReplaySurface): void {
    const extended = k.extended === 1
    const detail: RemoteKeyDetail = {
      userID,
      keyMsgType: k.key,
      vk: k.vk,
      bExtendedKey: k.extended,
      key: this.#keys.keyName(k.vk, extended),
      code: keyOf(k.vk, extended)?.code ?? '',
    }
    const wanted = tell('crvideo-remote-key', detail)
    if (!wanted || !isThisTab) return
    if (k.key === 0) this.#keys.press(k.vk, extended)
    else this.#keys.release(k.vk, extended)
  }
}

/** False when the page takes care of the message itself. */
const tell = (name: string, detail: object): boolean =>
  window.dispatchEvent(new CustomEvent(name, { detail, cancelable: true }))
