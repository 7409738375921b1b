import { flag, number } from '../convert.ts'
import { PictureContainer } from './picture-container.ts'

/** The meeting's screen share (spec 13 §4); empty, since sharing is not built. */
export class ScreenShareContainer extends PictureContainer {
  private control = false
  private marking = false
  private pen = { colour: 0x0000ff, width: 3 }

  constructor() {
    super('share')
  }

  ctrlOpen(value?: unknown): boolean | undefined {
    if (value === undefined) return this.control
    this.control = flag(value)
    return undefined
  }

  enableMarked(value?: unknown): boolean | undefined {
    if (value === undefined) return this.marking
    this.marking = flag(value)
    return undefined
  }

  setPenStyle(intRgba?: unknown, penWidth?: unknown): void {
    const colour = number(intRgba, Number.NaN)
    const width = number(penWidth, Number.NaN)
    this.pen = {
      colour: Number.isFinite(colour) ? colour & 0xffffff : this.pen.colour,
      width: Number.isFinite(width) ? Math.min(64, Math.max(1, width)) : this.pen.width,
    }
  }
}
