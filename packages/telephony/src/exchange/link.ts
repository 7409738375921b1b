import { Worker } from 'node:worker_threads'
import { Exchange } from './exchange.ts'
import type { FromExchange, ToExchange } from './messages.ts'

/** The way to an exchange. */
export interface ExchangeLink {
  tell(message: ToExchange): void
  /** Closes all lines; resolves when they are closed and the thread has ended. */
  end(): Promise<void>
}

/** ms that a thread has to end by itself. */
const PATIENCE = 2_000

export interface LinkEvents {
  message(message: FromExchange): void
  /** It is gone without having been told to end. */
  died(error: Error): void
}

/** In this thread: for tests and small tools. */
export const localLink = (events: LinkEvents): ExchangeLink => {
  const exchange = new Exchange({
    now: () => performance.now(),
    tell: (message) => events.message(message),
  })
  return {
    tell: (message) => exchange.take(message),
    async end() {
      exchange.take({ type: 'end' })
    },
  }
}

/** In a thread of its own. */
export const threadLink = (workerPath: string, events: LinkEvents): ExchangeLink => {
  const worker = new Worker(workerPath)
  let isOver = false
  const over = (error: Error) => {
    if (!isOver) events.died(error)
    isOver = true
  }
  worker.on('message', (message: FromExchange) => events.message(message))
  worker.on('error', (error) => over(error instanceof Error ? error : new Error(String(error))))
  worker.on('exit', (code) => over(new Error(`The thread of telephones ended with ${code}`)))
  return {
    tell: (message) => worker.postMessage(message),
    end() {
      isOver = true
      return new Promise((resolve) => {
        const force = setTimeout(() => void worker.terminate(), PATIENCE)
        worker.once('exit', () => {
          clearTimeout(force)
          resolve()
        })
        worker.postMessage({ type: 'end' } satisfies ToExchange)
      })
    },
  }
}
