import { pageLanguage } from '../page-language.ts'
import { keepOnTop } from './on-top.ts'

/** What the badge says; by the language of the page. */
const TEXTS = {
  zh: { controls: (name: string) => `${name} 正在控制`, back: '收回控制 (Esc)' },
  en: { controls: (name: string) => `${name} is in control`, back: 'Take back (Esc)' },
}

/**
 * Shows on the controlled side that somebody controls it, and ends that by a click or by Escape. Only
 * what the person here does counts, and replayed input never gets here. Answers how to remove it.
 */
export function showBadge(name: string, takeBack: () => void): () => void {
  const texts = TEXTS[pageLanguage()]
  const host = document.createElement('div')
  host.setAttribute('data-crv-no-remote', '')
  host.setAttribute('role', 'status')
  host.className = 'crv-control-badge'
  host.style.cssText =
    'all:initial;position:fixed;inset:8px 0 auto;width:fit-content;margin:0 auto;border:0;z-index:2147483647;' +
    'box-sizing:border-box;max-width:calc(100vw - 16px);white-space:nowrap;' +
    'display:flex;gap:10px;align-items:center;padding:5px 6px 5px 14px;border-radius:20px;' +
    'font:14px/1.5 sans-serif;color:#fff;background:#b3261e;box-shadow:0 2px 8px rgba(0,0,0,.4)'
  const text = document.createElement('span')
  text.textContent = texts.controls(name)
  text.style.cssText = 'min-width:0;overflow:hidden;text-overflow:ellipsis'
  const button = document.createElement('button')
  button.type = 'button'
  button.textContent = texts.back
  button.style.cssText =
    'all:initial;flex:none;cursor:pointer;padding:4px 12px;border-radius:14px;font:14px/1.5 sans-serif;' +
    'color:#b3261e;background:#fff'
  button.addEventListener('click', (event) => {
    if (event.isTrusted) takeBack()
  })
  const pressed = (event: KeyboardEvent) => {
    if (event.isTrusted && event.key === 'Escape') takeBack()
  }
  window.addEventListener('keydown', pressed, true)
  host.append(text, button)
  document.body.append(host)
  const letGo = keepOnTop(host)
  return () => {
    window.removeEventListener('keydown', pressed, true)
    letGo()
    host.remove()
  }
}
