/** What can be large for everybody; null: the members' pictures are. */
export type Large = 'media' | 'share' | 'board' | null

export interface Views {
  /** The common page (spec 11 §2): 0 pictures, 1 sharing, 2 whiteboard. */
  readonly main: 0 | 1 | 2
  readonly hasShare: boolean
  /** A file with a picture is played to all. */
  readonly hasFilm: boolean
  readonly hasBoard: boolean
  /** Of share and film the one that began last. */
  readonly later: 'share' | 'media'
  /** It began after the last switch of the page, which does not follow it by itself (spec 11 §2). */
  readonly isNewer: boolean
}

/** The later one of what began and what was switched to. */
export const largeOf = (views: Views): Large => {
  const { main, hasShare, hasFilm, hasBoard, later, isNewer } = views
  const ready = { share: hasShare, media: hasFilm }
  const running = ready[later] ? later : hasFilm ? 'media' : hasShare ? 'share' : null
  if (running && isNewer) return running
  if (main === 2 && hasBoard) return 'board'
  return main === 0 ? null : running
}
