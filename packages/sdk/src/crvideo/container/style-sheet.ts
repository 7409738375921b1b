const STYLE_ID = 'crv-container-style'

/** Zero specificity and first in the head, so that every rule of the page wins (spec 13 §1.2). */
const RULES = `:where(.crv-container){display:inline-block;position:relative;overflow:hidden;
vertical-align:top;width:300px;height:150px;border:0;background:transparent}`

/** Adds the containers' style sheet once to a document or shadow tree. */
export function ensureStyleSheet(root: Node = document): void {
  const tree = root as Document | ShadowRoot
  if (typeof tree.getElementById !== 'function' || tree.getElementById(STYLE_ID)) return
  const style = (tree.ownerDocument ?? document).createElement('style')
  style.id = STYLE_ID
  style.textContent = RULES
  const parent = 'head' in tree ? tree.head : tree
  parent.prepend(style)
}
