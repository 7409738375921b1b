import type { MarkPen, Screen } from './api.ts'
import { drawMarks } from './mark-drawing.ts'
import { createSharePlace, type SharePlace } from './share-place.ts'

/** Canvases beyond it are slow or stay empty, pixels. */
const MOST_SIDE = 4096

/** Its tip, at the lower left, is where the stroke begins; browsers that take no picture show a cross. */
const PEN = `url("data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" fill="#fff" stroke="#000" ' +
    'stroke-width="1.5" stroke-linejoin="round"><path d="M2 22l1.5-6L16.500 3l4.500 4.500L8 20.500zM14 5.500l4.500 4.500"/></svg>',
)}") 2 22, crosshair`

/** Strokes over the picture of a container, and the pen that draws there (spec 09 §6). */
export class ShareMarks {
  readonly canvas = document.createElement('canvas')
  private pen: { pointer: number; pen: MarkPen } | null = null
  private on = false
  private style = { color: 0x0000ff, width: 3 }
  private scheduled = false
  /** By how much the page shows the view larger. */
  zoom = 1

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
    this.canvas.style.cursor = on ? PEN : ''
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
    const { clientWidth: width, clientHeight: height } = canvas
    const wanted = (globalThis.devicePixelRatio || 1) * this.zoom
    const ratio = Math.min(wanted, MOST_SIDE / Math.max(1, width, height))
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    const screen = this.screen()
    const area = screen?.area
    const context = canvas.getContext('2d')
    if (!screen || !area || !context || canvas.width === 0) return
    const place = createSharePlace({ left: 0, top: 0, width, height }, area, this.keepsRatio())
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
