import { chosenName, normalize } from './paths.ts'

/** Files of the user that are known by names, without a copy (spec 00 §9, 10 §1.2). */
export interface ChosenFiles {
  /** `C:\fakepath\name`, a name alone, or the path that it was registered under. */
  find(path: string): Blob | null
  /** Answers the path to it; an earlier file of that path is known no more. */
  register(file: Blob, path?: string): string
  unregister(path: string): boolean
}

const FAKE = 'C:\\fakepath\\'
/** Names that are kept; the oldest go. */
const MOST = 10_000

/** File inputs of the document, those in open shadow trees included. */
function* inputsIn(root: ParentNode): Generator<HTMLInputElement> {
  for (const element of root.querySelectorAll('*')) {
    if (element instanceof HTMLInputElement && element.type === 'file') yield element
    if (element.shadowRoot) yield* inputsIn(element.shadowRoot)
  }
}

/** Watches file inputs and drops in the document. */
export const createChosenFiles = (page: Document | undefined): ChosenFiles => {
  const known = new Map<string, Blob>()
  let unnamed = 0
  const know = (path: string, file: Blob) => {
    const key = normalize(path)
    known.delete(key)
    known.set(key, file)
    for (const oldest of known.keys()) if (known.size > MOST) known.delete(oldest)
  }
  const chosen = (files: Iterable<File>) => {
    for (const file of files) {
      know(FAKE + file.name, file)
      know(file.name, file)
      if (file.webkitRelativePath) know(file.webkitRelativePath, file)
    }
  }
  page?.addEventListener(
    'change',
    (event) => {
      // In a shadow tree the event's own target is its host.
      const [target] = event.composedPath()
      if (target instanceof HTMLInputElement && target.type === 'file') chosen(target.files ?? [])
    },
    true,
  )
  page?.addEventListener('drop', ({ dataTransfer }) => chosen(dataTransfer?.files ?? []), true)

  /** What was chosen before the SDK came, or where its events did not reach. */
  const search = (name: string): File | null => {
    for (const input of page ? inputsIn(page) : [])
      for (const file of input.files ?? []) if (file.name === name) return file
    return null
  }
  return {
    find(path) {
      const file = known.get(normalize(path))
      if (file) return file
      const name = chosenName(path)
      return name === null ? null : search(name)
    },
    register(file, path = '') {
      const name = file instanceof File && file.name ? file.name : `file-${++unnamed}`
      const under = path || FAKE + name
      know(under, file)
      return under
    },
    unregister: (path) => known.delete(normalize(path)),
  }
}
