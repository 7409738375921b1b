import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Browser stories run against what `npm start` runs: the build has to be there. */
export default () => {
  const main = fileURLToPath(new URL('../packages/server/dist/main.js', import.meta.url))
  if (!existsSync(main)) throw new Error('Nothing is built: run `npm run build` first.')
}
