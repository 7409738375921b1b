import { number, text } from '../convert.ts'
import { ensureStyleSheet } from './style-sheet.ts'

type Side = 'width' | 'height' | 'left' | 'top'

/** The CSS name of a property in camel case or with hyphens. */
function cssName(name: string): string {
  if (name.startsWith('--')) return name
  if (name === 'cssFloat') return 'float'
  const hyphens = name.replace(/[A-Z]/g, (upper) => `-${upper.toLowerCase()}`)
  return hyphens.replace(/^(webkit|moz|ms)-/, '-$1-')
}

/**
 * Base of all containers (spec 13 §2): owns one element. Each accessor reads without an argument and
 * writes with one; nothing here throws.
 */
export class Container {
  /** Mirror for pages that look inside; writing it has no effect on the picture. */
  _handler: HTMLElement
  private element: HTMLElement
  private readonly kind: string

  constructor(kind = '') {
    ensureStyleSheet()
    this.kind = kind
    this.element = document.createElement('div')
    this._handler = this.element
    this.mark(this.element)
  }

  /** Reads the element, or moves everything into another one. */
  handler(el?: HTMLElement): HTMLElement | undefined {
    if (el === undefined) return this.element
    // The element may be one of another frame, where `instanceof` does not know it.
    if (el?.nodeType !== 1 || !('style' in el) || el === this.element) return undefined
    const old = this.element
    el.id = old.id
    if (!old.id) el.removeAttribute('id')
    el.style.cssText = old.style.cssText
    el.append(...old.childNodes)
    this.mark(el)
    old.remove()
    old.removeAttribute('id')
    this.element = el
    this._handler = el
    this.moved(old, el)
    return undefined
  }

  id(value?: unknown): string | undefined {
    if (value === undefined) return this.element.id
    this.element.id = text(value)
    return undefined
  }

  width(px?: unknown): number | undefined {
    return this.side('width', px)
  }

  height(px?: unknown): number | undefined {
    return this.side('height', px)
  }

  left(px?: unknown): number | undefined {
    return this.side('left', px)
  }

  top(px?: unknown): number | undefined {
    return this.side('top', px)
  }

  /** Access to the element's inline style; keys in camel case or with hyphens. */
  style(key?: unknown, value?: unknown): CSSStyleDeclaration | string | undefined {
    const style = this.element.style
    if (key === undefined) return style
    const property = cssName(text(key))
    if (value === undefined) return style.getPropertyValue(property)
    style.setProperty(property, text(value))
    return undefined
  }

  shows(): void {
    this.element.style.display = 'block'
  }

  hidden(): void {
    this.element.style.display = 'none'
  }

  /** The element now carries the private children instead of `old`. */
  protected moved(_old: HTMLElement, _now: HTMLElement): void {}

  protected get root(): HTMLElement {
    return this.element
  }

  private mark(el: HTMLElement): void {
    el.classList.add('crv-container')
    if (this.kind) el.classList.add(`crv-${this.kind}`)
  }

  private side(side: Side, px: unknown): number | undefined {
    const { style } = this.element
    if (px !== undefined) {
      const value = number(px, Number.NaN)
      if (!Number.isFinite(value)) return undefined
      const size = side === 'width' || side === 'height'
      style[side] = `${size ? Math.max(0, value) : value}px`
      return undefined
    }
    const inline = /^(-?[\d.]+)px$/.exec(style[side])
    if (inline) return Number(inline[1])
    if (side === 'left') return this.element.offsetLeft
    if (side === 'top') return this.element.offsetTop
    return Math.round(this.element.getBoundingClientRect()[side])
  }
}
