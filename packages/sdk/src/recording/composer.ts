import type { MediaControls, Meeting } from '../api.ts'
import { drawMarks } from '../screen/mark-drawing.ts'
import type { RecordRegion } from './api.ts'
import { fit, grid, isUsable } from './layout.ts'
import { createViews } from './views.ts'

export interface ComposerPorts {
  meeting(): Meeting | null
  /** What a media container shows. */
  media(): MediaControls | null
  /** Null: the automatic grid. */
  layout(): readonly RecordRegion[] | null
  picture(id: string): ImageBitmap | null
  /** Milliseconds since 1970. */
  wallClock(): number
}

/** Draws the recorded picture. */
export interface Composer {
  readonly canvas: OffscreenCanvas
  draw(): void
  close(): void
}

const two = (value: number) => String(value).padStart(2, '0')

/** `YYYY-MM-DD HH:mm:ss`, local time. */
export const timeStamp = (at: Date): string =>
  `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ` +
  `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`

/** Composes regions into one picture (spec 10 §2.1). */
export const createComposer = (width: number, height: number, ports: ComposerPorts): Composer => {
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { alpha: false })
  if (!context) throw new DOMException('No picture can be drawn', 'NotSupportedError')
  const views = createViews()

  const drawTime = (region: RecordRegion) => {
    const size = Math.min(64, Math.max(10, region.height / 2))
    const text = timeStamp(new Date(ports.wallClock()))
    const middle = region.top + region.height / 2
    context.font = `${size}px sans-serif`
    context.textBaseline = 'middle'
    context.lineJoin = 'round'
    context.lineWidth = Math.max(2, size / 8)
    context.strokeStyle = '#202020'
    context.fillStyle = '#ffffff'
    context.strokeText(text, region.left, middle)
    context.fillText(text, region.left, middle)
  }

  const drawScreen = (
    region: RecordRegion,
    crop: { x: number; y: number; w: number; h: number },
  ) => {
    const screen = ports.meeting()?.screen
    const now = views.picture(region.content)
    if (!screen || !now || screen.area === null) return
    const [scaleX, scaleY] = [now.width / screen.area.w, now.height / screen.area.h]
    const to = fit(region, crop.w, crop.h)
    context.drawImage(
      now.image,
      crop.x * scaleX,
      crop.y * scaleY,
      crop.w * scaleX,
      crop.h * scaleY,
      to.x,
      to.y,
      to.w,
      to.h,
    )
    context.save()
    context.beginPath()
    context.rect(to.x, to.y, to.w, to.h)
    context.clip()
    context.translate(to.x, to.y)
    context.scale(to.w / crop.w, to.h / crop.h)
    context.translate(-crop.x, -crop.y)
    drawMarks(context, screen.marks)
    context.restore()
  }

  const drawRegion = (region: RecordRegion) => {
    const { content } = region
    if (content.kind === 'time') {
      drawTime(region)
      return
    }
    if (content.kind === 'picture') {
      const picture = ports.picture(content.id)
      if (!picture) return
      const to = fit(region, picture.width, picture.height)
      context.drawImage(picture, to.x, to.y, to.w, to.h)
      return
    }
    context.fillStyle = '#000'
    context.fillRect(region.left, region.top, region.width, region.height)
    if (content.kind === 'screen') {
      const area = ports.meeting()?.screen.area
      const crop = content.crop ?? (area ? { x: 0, y: 0, w: area.w, h: area.h } : null)
      if (crop) drawScreen(region, crop)
      return
    }
    const now = views.picture(content)
    if (!now) return
    const to = fit(region, now.width, now.height)
    context.drawImage(now.image, to.x, to.y, to.w, to.h)
  }

  return {
    canvas,
    draw() {
      const meeting = ports.meeting()
      const given = ports.layout() ?? grid(meeting?.watchable ?? [], width, height)
      const regions = given.filter(isUsable)
      views.want({ meeting, media: ports.media() }, regions)
      context.fillStyle = '#000'
      context.fillRect(0, 0, width, height)
      for (const region of regions) drawRegion(region)
    },
    close: () => views.close(),
  }
}
