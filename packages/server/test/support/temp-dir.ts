import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A fresh directory, and the function that removes it. */
export const tempDir = (): { readonly dir: string; remove(): void } => {
  const dir = mkdtempSync(path.join(tmpdir(), 'yuntang-test-'))
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) }
}
