const NAME = 'crv-box'

interface Box extends HTMLElement {
  inserted: () => void
}

/** Defined at first use: loading the script touches nothing (spec 00 §2). */
function define(): void {
  if (customElements.get(NAME)) return
  customElements.define(
    NAME,
    class extends HTMLElement implements Box {
      inserted = () => {}
      connectedCallback() {
        this.inserted()
      }
    },
  )
}

/**
 * The element that carries everything private of a container. It notices every insertion at once,
 * also into another document or a shadow tree, where observers are late or silent.
 */
export function createBox(inserted: () => void): HTMLElement {
  define()
  const box = document.createElement(NAME) as Box
  box.inserted = inserted
  box.style.cssText = 'display:block;position:relative;width:100%;height:100%'
  return box
}
