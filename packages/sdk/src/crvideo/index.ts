import { createClient } from '../client/client.ts'
import { pageFiles } from '../files/page-files.ts'
import { install } from './install.ts'
import { reportPageError } from './warn.ts'

install(
  globalThis,
  {
    createClient,
    files: pageFiles(),
    origin: globalThis.location?.origin ?? '',
    newID: () => Array.from(crypto.getRandomValues(new Uint32Array(4)), hex).join(''),
    defer: (run) => queueMicrotask(run),
    yield: nextTask,
    report: reportPageError,
  },
  globalThis.navigator?.userAgent ?? '',
)

/** Unlike timers, messages are not slowed down in pages that are not seen. */
function nextTask(run: () => void): void {
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    run()
  }
  port2.postMessage(null)
}

function hex(word: number): string {
  return word.toString(16).padStart(8, '0')
}
