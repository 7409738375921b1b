/** So many files of a folder are shared at once; more belong into one archive. */
export const MOST_DROPPED = 100
/** What systems leave in folders for themselves. */
const NOISE = /^(\..*|Thumbs\.db|desktop\.ini)$/i

/** Whether files of the user are dragged, not text or a picture of the page. */
export const hasFiles = ({ dataTransfer }: DragEvent): boolean =>
  dataTransfer?.types.includes('Files') ?? false

const fileOf = (entry: FileSystemFileEntry): Promise<File> =>
  new Promise((resolve, reject) => entry.file(resolve, reject))

async function* entriesOf(folder: FileSystemDirectoryEntry): AsyncGenerator<FileSystemEntry> {
  const reader = folder.createReader()
  for (;;) {
    // A reader gives a hundred at a time.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return
    yield* some
  }
}

async function* filesIn(entry: FileSystemEntry): AsyncGenerator<File> {
  if (entry.isFile) yield await fileOf(entry as FileSystemFileEntry)
  else
    for await (const inner of entriesOf(entry as FileSystemDirectoryEntry))
      if (!NOISE.test(inner.name)) yield* filesIn(inner)
}

/**
 * The files that were dropped, those in folders among them; null when they are more than
 * {@link MOST_DROPPED}. Rejects when the browser cannot read a folder. Call it while the event runs.
 */
export const droppedFiles = async (data: DataTransfer | null): Promise<File[] | null> => {
  // The list of items is empty as soon as the event is over.
  const items = [...(data?.items ?? [])].filter(({ kind }) => kind === 'file')
  const taken = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile() }))
  const files: File[] = []
  for (const { entry, file } of taken) {
    if (entry?.isDirectory) {
      for await (const inner of filesIn(entry)) if (files.push(inner) > MOST_DROPPED) return null
    } else if (file && files.push(file) > MOST_DROPPED) return null
  }
  return files
}
