import { parentPort } from 'node:worker_threads'
import { Exchange } from './exchange/exchange.ts'
import type { FromExchange, ToExchange } from './exchange/messages.ts'

/** Entry of the thread in which telephones are mixed: signalling does not wait for sound. */
const exchange = new Exchange({
  now: () => performance.now(),
  tell: (message: FromExchange) => parentPort?.postMessage(message),
})
parentPort?.on('message', (message: ToExchange) => {
  exchange.take(message)
  if (message.type === 'end') parentPort?.close()
})
