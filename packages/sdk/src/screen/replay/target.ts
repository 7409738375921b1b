/** Where a point of the page is: the innermost element, in the coordinates of its own frame. */
export interface Spot {
  readonly element: Element
  readonly x: number
  readonly y: number
}

/** The element around: out of a shadow tree its host, out of a frame the frame. */
export const around = (element: Element): Element | null => {
  if (element.parentElement) return element.parentElement
  const root = element.getRootNode()
  if ('host' in root) return (root as ShadowRoot).host
  return element.ownerDocument.defaultView?.frameElement ?? null
}

/** Inside what is never a target; also where only a shadow tree's host or a frame says so. */
export const isKept = (element: Element): boolean => {
  for (let at: Element | null = element; at; at = around(at))
    if (at.hasAttribute('data-crv-no-remote')) return true
  return false
}

/** Descends into open shadow roots and frames of the same origin (spec 09 §7.1). */
export function spotAt(page: Document, left: number, top: number): Spot | null {
  let [x, y] = [left, top]
  let root: Document | ShadowRoot = page
  for (;;) {
    const element: Element | null = root.elementFromPoint(x, y)
    if (!element || isKept(element)) return null
    const inner: Document | ShadowRoot | null = insideOf(element)
    if (!inner || inner === root) return { element, x, y }
    if ('defaultView' in inner) {
      const box = element.getBoundingClientRect()
      x -= box.left + element.clientLeft
      y -= box.top + element.clientTop
    }
    if (!inner.elementFromPoint(x, y)) return { element, x, y }
    root = inner
  }
}

const insideOf = (element: Element): Document | ShadowRoot | null => {
  if (element.shadowRoot) return element.shadowRoot
  if (element.localName !== 'iframe') return null
  // Null for a frame of another origin.
  return (element as HTMLIFrameElement).contentDocument
}

/** The focused element, down into shadow roots and frames. */
export function focused(page: Document): Element | null {
  let at: Element | null = page.activeElement
  for (;;) {
    const inner: Element | null = at ? (insideOf(at)?.activeElement ?? null) : null
    if (!inner) break
    at = inner
  }
  return at && !isKept(at) ? at : null
}
