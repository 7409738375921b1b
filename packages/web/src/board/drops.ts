const isPicture = ({ type }: { type: string }) => type.startsWith('image/')
const isDocument = ({ type, name }: { type: string; name: string }) =>
  type === 'application/pdf' || (type === '' && /\.pdf$/i.test(name))

export type DropKind = 'picture' | 'document' | 'other'

/** What a board makes of a file. */
export const kindOf = (file: { type: string; name: string }): DropKind => {
  if (isPicture(file)) return 'picture'
  return isDocument(file) ? 'document' : 'other'
}

/** Whether files that are dragged are for the board: films and sounds are played elsewhere. */
export const mayBeOurs = (items: Iterable<{ kind: string; type: string }>): boolean =>
  [...items].some(({ kind, type }) => kind === 'file' && !/^(video|audio)\//.test(type))
