import { PictureContainer } from './picture-container.ts'

/**
 * Shared or local media (spec 13 §5). It stays empty and has no tool bar, since media playback is not
 * built; its tool bar settings are accepted without effect.
 */
export class MediaContainer extends PictureContainer {
  constructor() {
    super('media')
  }

  disableToolBar(_bDisable?: unknown): void {}

  setToolBarUIElementVisible(_UIElement?: unknown, _isVisible?: unknown): void {}
}
