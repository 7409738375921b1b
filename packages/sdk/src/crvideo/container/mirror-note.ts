import { isChinese } from './page-language.ts'

/** A short text in place of the own picture (spec 09 §5). */
export class MirrorNote {
  private readonly element = document.createElement('div')

  constructor(parent: HTMLElement) {
    this.element.style.cssText =
      'position:absolute;inset:0;display:none;align-items:center;justify-content:center;' +
      'padding:8px;text-align:center;pointer-events:none;' +
      'font:14px/1.5 sans-serif;color:#fff;background:#222'
    this.element.textContent = isChinese() ? '您正在共享屏幕' : 'You are sharing your screen'
    parent.append(this.element)
  }

  set shown(on: boolean) {
    this.element.style.display = on ? 'flex' : 'none'
  }
}
