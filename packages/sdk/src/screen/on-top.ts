/** Keeps an element above everything, also what is shown in full screen; answers how to end it. */
export function keepOnTop(element: HTMLElement): () => void {
  const raise = () => {
    if (!('showPopover' in element)) return
    element.popover = 'manual'
    if (element.matches(':popover-open')) element.hidePopover()
    element.showPopover()
  }
  raise()
  document.addEventListener('fullscreenchange', raise)
  return () => document.removeEventListener('fullscreenchange', raise)
}
