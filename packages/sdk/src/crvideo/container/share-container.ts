import { flag } from '../convert.ts'
import { PictureContainer } from './picture-container.ts'

/** The meeting's screen share (spec 13 §4); empty, since sharing is not built. */
export class ScreenShareContainer extends PictureContainer {
  private control = false
  private marking = false

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

  /** Accepted without effect: there is nothing to draw on. */
  setPenStyle(_intRgba?: unknown, _penWidth?: unknown): void {}
}
