import type { Client, RemoteOpenPolicy } from '../api.ts'
import { isChinese } from './container/page-language.ts'
import { reportPageError } from './warn.ts'

type Kind = 'mic' | 'camera'
/** The page's own decision about a member's request to open a device (spec 08 §2.1). */
export type RemoteOpenRequest = (kind: Kind, operUserID: string) => boolean | Promise<boolean>

const ASK_MS = 30_000

/** The page's answer to remote opening, kept over init and uninit. */
export class Consent {
  private named: 'auto' | 'ask' | 'deny' = 'auto'
  private own: RemoteOpenRequest | null = null

  /** Who must hear of changes. */
  constructor(private readonly client: () => Client | null) {}

  get policy(): string {
    return this.named
  }

  set policy(value: unknown) {
    if (value !== 'auto' && value !== 'ask' && value !== 'deny') return
    this.named = value
    this.apply()
  }

  get request(): RemoteOpenRequest | null {
    return this.own
  }

  set request(value: unknown) {
    this.own = typeof value === 'function' ? (value as RemoteOpenRequest) : null
    this.apply()
  }

  /** What the typed client is given; the page's function takes precedence. */
  get effective(): RemoteOpenPolicy {
    const own = this.own
    if (own) return (kind, by) => decide(own, kind, by)
    return this.named === 'ask' ? askOnPage : this.named
  }

  private apply(): void {
    const client = this.client()
    if (client) client.remoteOpen = this.effective
  }
}

/** A page function that throws refuses. */
async function decide(own: RemoteOpenRequest, kind: Kind, by: string): Promise<boolean> {
  try {
    return (await own(kind, by)) === true
  } catch (error) {
    reportPageError(error)
    return false
  }
}

const ENGLISH = {
  question: (by: string, kind: Kind) =>
    `${by} asks to open your ${kind === 'mic' ? 'microphone' : 'camera'}`,
  allow: 'Allow',
  refuse: 'Refuse',
}
const CHINESE: typeof ENGLISH = {
  question: (by, kind) => `${by} 请求打开您的${kind === 'mic' ? '麦克风' : '摄像头'}`,
  allow: '允许',
  refuse: '拒绝',
}

/** A small bar with "allow / refuse"; refused after 30 s. */
function askOnPage(kind: Kind, by: string): Promise<boolean> {
  const words = isChinese() ? CHINESE : ENGLISH
  return new Promise((resolve) => {
    const bar = document.createElement('div')
    bar.setAttribute('role', 'alertdialog')
    bar.style.cssText =
      'position:fixed;top:0;left:0;right:0;z-index:2147483647;padding:8px 12px;display:flex;' +
      'gap:8px;align-items:center;font:14px/1.5 sans-serif;color:#fff;background:#222'
    const question = document.createElement('span')
    question.style.flex = '1'
    question.textContent = words.question(by, kind)
    bar.append(question)
    const end = (allowed: boolean) => {
      clearTimeout(timer)
      bar.remove()
      resolve(allowed)
    }
    const timer = setTimeout(() => end(false), ASK_MS)
    for (const [label, allowed] of [
      [words.allow, true],
      [words.refuse, false],
    ] as const) {
      const button = document.createElement('button')
      button.type = 'button'
      button.textContent = label
      button.addEventListener('click', () => end(allowed))
      bar.append(button)
    }
    document.body.append(bar)
  })
}
