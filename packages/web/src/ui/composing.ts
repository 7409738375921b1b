/** What Safari says of the key that ends a composition, when `isComposing` is false already. */
const IN_COMPOSITION = 229

/** Whether a key belongs to an input method that composes characters with it. */
export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean =>
  event.isComposing || event.keyCode === IN_COMPOSITION
