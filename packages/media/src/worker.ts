import { createCoreEngine } from './core-engine.ts'
import { EngineError, type EngineEvents, type MediaEngine } from './engine.ts'
import { BoundedSender } from './process/bounded-sender.ts'
import { type FromWorker, isToWorker, type ToWorker } from './process/messages.ts'

/**
 * Entry of the engine's own process. It ends itself when its parent disappears, and leaves with
 * `process.exit`: the library would keep the process alive otherwise.
 */
let engine: MediaEngine | null = null

const tell = (message: FromWorker): void => {
  if (process.connected) process.send?.(message)
}

const sounds = new BoundedSender((message, sent) => {
  if (process.connected) process.send?.(message, undefined, undefined, sent)
  else sent(null)
})

const leave = async (): Promise<void> => {
  await engine?.close()
  process.exit(0)
}

const open = async (message: ToWorker & { type: 'open' }): Promise<void> => {
  try {
    engine = await createCoreEngine({
      ...message.options,
      log: (level, text, data) => tell({ type: 'log', level, text, ...(data ? { data } : {}) }),
    })
    const pass = <K extends keyof EngineEvents>(name: K) =>
      engine?.on(name, (data) => tell({ type: 'event', name, data } as FromWorker))
    pass('offer')
    pass('layers')
    pass('lost')
    engine.on('bridged', (data) => sounds.send({ type: 'event', name: 'bridged', data }))
    tell({ type: 'opened' })
  } catch (error) {
    tell({ type: 'refused', message: error instanceof Error ? error.message : String(error) })
  }
}

const call = async ({ id, name, argument }: ToWorker & { type: 'call' }): Promise<void> => {
  try {
    if (!engine) throw new EngineError('closed', 'The engine is not open')
    const method = engine[name] as (argument: unknown) => Promise<unknown>
    tell({ type: 'result', id, value: await method.call(engine, argument) })
  } catch (error) {
    const code = error instanceof EngineError ? error.code : 'native'
    tell({
      type: 'error',
      id,
      code,
      message: error instanceof Error ? error.message : String(error),
    })
  }
}

process.on('message', (message: unknown) => {
  if (!isToWorker(message)) return
  if (message.type === 'open') void open(message)
  else if (message.type === 'call') void call(message)
  else if (message.type === 'sound') engine?.sendBridge(message.sound)
  else void leave()
})
process.on('disconnect', () => void leave())
// Ctrl-C and a supervisor's signal reach the whole group; the parent decides when we go.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})
