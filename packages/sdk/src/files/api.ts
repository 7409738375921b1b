/**
 * The virtual file store (spec 00 §9). A path is text; `\` and `/` are equal, a relative one starts at
 * the work directory. Failures: files.full, param.invalid (empty path).
 */
export interface Files {
  /** Work directory. */
  work: string
  /** Replaces an existing file. The entry is there at once, before the promise resolves. */
  put(path: string, data: Blob | ArrayBuffer | string): Promise<void>
  get(path: string): Promise<Blob | null>
  /** Object URL, the caller's to revoke. */
  url(path: string): Promise<string | null>
  /** Hands the file to the user as a browser download; rejects with files.unreadable without one. */
  saveAs(path: string, suggestedName?: string): Promise<void>
  list(prefix?: string): { path: string; size: number; mtime: number }[]
  remove(path: string): Promise<boolean>
  exists(path: string): boolean
  /** The stored file, else one chosen or dropped in the page or registered, else what a URL leads to. */
  read(path: string): Promise<Blob | null>
  /**
   * Makes a file known under `path`, without a copy, until the page is unloaded (spec 10 §1.3); default
   * `C:\\fakepath\\` and its name. Answers the path.
   */
  register(file: Blob, path?: string): string
  unregister(path: string): boolean
  /** Opens the file chooser, which needs a user gesture; answers the paths of what was chosen. */
  pick(options?: PickOptions): Promise<string[]>
  /** Bytes of this origin, and whether the browser keeps them when room gets short. */
  estimate(): Promise<{ usage: number; quota: number; persistent: boolean }>
  /** Asks the browser to keep them; done by itself when the first recording starts. */
  persist(): Promise<boolean>
  /**
   * Resolves when the list has been held against what is really there, after the first client was
   * made; until then it is that of the visit before.
   */
  ready(): Promise<void>
}

export interface PickOptions {
  /** As of a file input. */
  accept?: string
  multiple?: boolean
  /** Directory that the files are copied into; default: they are registered only. */
  saveTo?: string
}
