import { flag, number } from '../convert.ts'
import { PictureContainer } from './picture-container.ts'

/** Shared or local media (spec 13 §5); empty, since media playback is not built. */
export class MediaContainer extends PictureContainer {
  private toolBarOff = false
  private readonly buttons = [true, true]

  constructor() {
    super('media')
  }

  disableToolBar(bDisable?: unknown): void {
    this.toolBarOff = flag(bDisable)
  }

  setToolBarUIElementVisible(UIElement?: unknown, isVisible?: unknown): void {
    const button = number(UIElement, Number.NaN)
    if (button === 0 || button === 1) this.buttons[button] = flag(isVisible)
  }
}
