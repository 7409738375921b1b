import type { MarkPen, Screen } from './api.ts'
import { drawMarks } from './mark-drawing.ts'
import { createSharePlace, type SharePlace } from './share-place.ts'

/** Strokes over the picture of a container, and the pen that draws there (spec 09 §6). */
export class ShareMarks {
  readonly canvas = document.createElement('canvas')
  private pen: { pointer: number; pen: MarkPen } | null = null
  private on = false
  private style = { color: 0x0000ff, width: 3 }
  private scheduled = false

  constructor(
    parent: HTMLElement,
    private readonly screen: () => Screen | null,
    private readonly keepsRatio: () => boolean,
  ) {
    this.canvas.style.cssText =
      'position:absolute;inset:0;width:100%;height:100%;pointer-events:none;touch-action:none'
    parent.append(this.canvas)
    this.canvas.addEventListener('pointerdown', (event) => this.down(event))
    this.canvas.addEventListener('pointermove', (event) => this.moved(event))
    for (const type of ['pointerup', 'pointercancel'] as const)
      this.canvas.addEventListener(type, (event) => {
        if (event.pointerId === this.pen?.pointer) this.lift()
      })
  }

  set marking(on: boolean) {
    if (on === this.on) return
    this.on = on
    this.canvas.style.pointerEvents = on ? 'auto' : 'none'
    this.canvas.style.cursor = on ? 'crosshair' : ''
    if (!on) this.lift()
  }

  setStyle(style: { color: number; width: number }): void {
    this.style = style
  }

  /** The picture, the strokes or the size are others. */
  redraw(): void {
    if (this.scheduled) return
    this.scheduled = true
    requestAnimationFrame(() => {
      this.scheduled = false
      this.draw()
    })
  }

  /** Onto a saved picture of that size. */
  drawOnto(context: CanvasRenderingContext2D, width: number, height: number): void {
    const screen = this.screen()
    const area = screen?.area
    if (!screen || !area) return
    context.save()
    context.scale(width / area.w, height / area.h)
    drawMarks(context, screen.marks)
    context.restore()
  }

  private place(): SharePlace | null {
    const area = this.screen()?.area
    return area
      ? createSharePlace(this.canvas.getBoundingClientRect(), area, this.keepsRatio())
      : null
  }

  private draw(): void {
    const { canvas } = this
    const ratio = globalThis.devicePixelRatio || 1
    canvas.width = Math.round(canvas.clientWidth * ratio)
    canvas.height = Math.round(canvas.clientHeight * ratio)
    const screen = this.screen()
    const place = this.place()
    const context = canvas.getContext('2d')
    if (!screen || !place || !context || canvas.width === 0) return
    context.scale(ratio, ratio)
    context.translate(place.left, place.top)
    context.scale(place.scaleX, place.scaleY)
    drawMarks(context, screen.marks)
  }

  private down(event: PointerEvent): void {
    if (!this.on || this.pen || event.button !== 0) return
    const at = this.place()?.toShare(event)
    const pen = at?.inside ? this.screen()?.draw(this.style) : null
    if (!pen || !at) return
    this.canvas.setPointerCapture(event.pointerId)
    event.preventDefault()
    this.pen = { pointer: event.pointerId, pen }
    pen.add(at.x, at.y)
  }

  private moved(event: PointerEvent): void {
    if (event.pointerId !== this.pen?.pointer) return
    const at = this.place()?.toShare(event)
    if (at) this.pen.pen.add(at.x, at.y)
  }

  private lift(): void {
    this.pen?.pen.end()
    this.pen = null
  }
}
