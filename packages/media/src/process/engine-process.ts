import { type ChildProcess, fork } from 'node:child_process'
import { EngineError, type EngineEvents, type EngineOptions, type MediaEngine } from '../engine.ts'
import { BoundedSender } from './bounded-sender.ts'
import { type CallName, type FromWorker, isFromWorker, type ToWorker } from './messages.ts'

interface Pending {
  resolve(value: unknown): void
  reject(error: unknown): void
}

export interface ProcessListener {
  event<K extends keyof EngineEvents>(name: K, data: EngineEvents[K]): void
  /** The process is gone without having been asked. */
  died(): void
}

/** One child process that carries an engine. */
export class EngineProcess {
  readonly rooms = new Set<string>()
  readonly #pending = new Map<number, Pending>()
  readonly #sounds = new BoundedSender((message, sent) => {
    if (this.#child?.connected) this.#child.send(message, sent)
    else sent(null)
  })
  #child: ChildProcess | null = null
  #nextId = 1
  #closing = false

  constructor(
    private readonly workerPath: string,
    private readonly options: EngineOptions,
    private readonly listener: ProcessListener,
  ) {}

  /** Resolves when the port is open; rejects with the child's own sentence. */
  async open(): Promise<void> {
    const child = fork(this.workerPath, [], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [], // a debugger's port cannot be opened twice
      serialization: 'advanced', // sound of bridges crosses as bytes
    })
    this.#child = child
    const { log: _log, ...options } = this.options
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject)
      child.once('exit', () => reject(new EngineError('native', 'The media process ended at once')))
      child.on('message', (message: unknown) => {
        if (!isFromWorker(message)) return
        if (message.type === 'opened') resolve()
        else if (message.type === 'refused') reject(new EngineError('native', message.message))
        else this.#take(message)
      })
      this.#tell({ type: 'open', options })
    }).catch((error) => {
      this.#closing = true
      child.kill('SIGKILL')
      throw error
    })
    child.on('exit', () => this.#exited(child))
  }

  #take(message: FromWorker): void {
    if (message.type === 'result') this.#settle(message.id)?.resolve(message.value)
    else if (message.type === 'error')
      this.#settle(message.id)?.reject(new EngineError(message.code, message.message))
    else if (message.type === 'event') this.listener.event(message.name, message.data)
    else if (message.type === 'log') this.options.log?.(message.level, message.text, message.data)
  }

  #settle(id: number): Pending | undefined {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    return pending
  }

  #exited(child: ChildProcess): void {
    if (this.#child !== child) return
    this.#child = null
    for (const p of this.#pending.values())
      p.reject(new EngineError('closed', 'The media process ended'))
    this.#pending.clear()
    if (!this.#closing) this.listener.died()
  }

  #tell(message: ToWorker): void {
    if (this.#child?.connected) this.#child.send(message)
  }

  call(name: CallName, argument: unknown): Promise<unknown> {
    if (!this.#child?.connected || this.#closing)
      return Promise.reject(new EngineError('closed', 'The media process is not running'))
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#pending.set(id, { resolve, reject })
      this.#tell({ type: 'call', id, name, argument })
    })
  }

  /** Sound is not answered, and is lost rather than queued behind a process that does not read. */
  sound(sound: Parameters<MediaEngine['sendBridge']>[0]): void {
    if (!this.#closing) this.#sounds.send({ type: 'sound', sound })
  }

  async close(): Promise<void> {
    if (this.#closing) return
    this.#closing = true
    const child = this.#child
    if (!child || child.exitCode !== null) return
    await new Promise<void>((resolve) => {
      const force = setTimeout(() => child.kill('SIGKILL'), 2000)
      child.once('exit', () => {
        clearTimeout(force)
        resolve()
      })
      this.#tell({ type: 'close' })
    })
  }
}
