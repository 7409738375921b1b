/** Finds files that a person chose in a file input of the document, by name. */
export type FindChosen = (name: string) => File | null

/** Watches file inputs; the most recently changed one wins (spec 00 §9). */
export const watchChosenFiles = (page: Document | undefined): FindChosen => {
  let changed: WeakRef<HTMLInputElement>[] = []
  page?.addEventListener(
    'change',
    ({ target }) => {
      if (!(target instanceof HTMLInputElement) || target.type !== 'file') return
      changed = changed.filter((ref) => ref.deref() !== undefined && ref.deref() !== target)
      changed.unshift(new WeakRef(target))
    },
    true,
  )
  return (name) => {
    const inputs = page?.querySelectorAll<HTMLInputElement>('input[type=file]') ?? []
    const known = changed.flatMap((ref) => ref.deref() ?? []).filter((input) => input.isConnected)
    for (const input of [...known, ...inputs])
      for (const file of input.files ?? []) if (file.name === name) return file
    return null
  }
}
