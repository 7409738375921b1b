/** Smaller views are how pages hide a container (spec 13 §1.2). */
export const SMALLEST_VIEW = 3
/** How long a container may be out of the document before reception ends. */
export const DETACHED_GRACE_MS = 5000

/** Told whenever an element's place in the view may have changed. */
export interface ViewListener {
  viewChanged(inView: boolean): void
}

const listeners = new WeakMap<Element, ViewListener>()
const inView = new WeakMap<Element, boolean>()
let observers: { size: ResizeObserver; view: IntersectionObserver } | null = null

const tell = (element: Element) => listeners.get(element)?.viewChanged(inView.get(element) ?? false)

/** One pair of observers serves all containers, so that none keeps a dropped container alive. */
function start() {
  observers ??= {
    size: new ResizeObserver((entries) => {
      for (const { target } of entries) tell(target)
    }),
    view: new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        inView.set(target, isIntersecting)
        tell(target)
      }
    }),
  }
  return observers
}

/** Begins to report size, visibility, insertion and removal of an element. */
export function observeView(element: Element, listener: ViewListener): void {
  const { size, view } = start()
  listeners.set(element, listener)
  size.observe(element)
  view.observe(element)
}

/** Ends reports about an element. */
export function ignoreView(element: Element): void {
  listeners.delete(element)
  observers?.size.unobserve(element)
  observers?.view.unobserve(element)
}
