const STYLE_ID = 'crv-container-style'

/** Zero specificity and first in the head, so that every rule of the page wins (spec 13 §1.2). */
const RULES = `:where(.crv-container){display:inline-block;position:relative;overflow:hidden;
vertical-align:top;width:300px;height:150px;border:0;background:transparent}`

/** Adds the containers' style sheet once per document. */
export function ensureStyleSheet(): void {
  if (document.getElementById(STYLE_ID)) return
  const style = document.createElement('style')
  style.id = STYLE_ID
  style.textContent = RULES
  document.head.prepend(style)
}
