import { glyph } from './glyph.ts'

/** Stands in for the picture of media that is sound only (spec 13 §5). */
export class SoundSign {
  private readonly element = document.createElement('div')

  constructor(parent: HTMLElement) {
    this.element.style.cssText =
      'position:absolute;left:0;top:0;width:100%;height:100%;display:none;align-items:center;' +
      'justify-content:center;color:#9aa4b2;background:#1b2028;pointer-events:none'
    this.element.append(glyph('note', 48))
    parent.append(this.element)
  }

  set shown(on: boolean) {
    this.element.style.display = on ? 'flex' : 'none'
  }
}
