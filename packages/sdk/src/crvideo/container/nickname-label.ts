/** The nickname at a picture's lower left; carries text only while it is visible. */
export class NickNameLabel {
  private readonly element = document.createElement('div')
  private on = true
  private name = ''

  constructor(parent: HTMLElement) {
    this.element.style.cssText =
      'position:absolute;left:0;bottom:0;max-width:100%;box-sizing:border-box;padding:2px 6px;' +
      'overflow:hidden;text-overflow:ellipsis;white-space:nowrap;pointer-events:none;' +
      'font:12px/1.5 sans-serif;color:#fff;background:rgba(0,0,0,.5)'
    parent.append(this.element)
    this.draw()
  }

  get visible(): boolean {
    return this.on
  }

  set visible(on: boolean) {
    this.on = on
    this.draw()
  }

  show(name: string): void {
    this.name = name
    this.draw()
  }

  private draw(): void {
    const shown = this.on ? this.name : ''
    this.element.textContent = shown
    this.element.style.display = shown ? 'block' : 'none'
  }
}
