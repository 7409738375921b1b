import { EngineEmitter } from './emitter.ts'
import type { EngineEvents, EngineOptions, MediaEngine } from './engine.ts'
import { EngineProcess } from './process/engine-process.ts'
import type { CallName } from './process/messages.ts'

export interface ProcessEngineOptions extends EngineOptions {
  /** The bundled `worker.ts`. */
  readonly workerPath: string
  /** Processes to spread rooms over, default 1; process n listens on `port + n`. */
  readonly processes?: number
}

const RESTART_MS = 200

/** The engine behind child processes: a crash costs the rooms of one process a reconnect, no more. */
class ProcessEngine implements MediaEngine {
  readonly #emitter = new EngineEmitter<EngineEvents>()
  readonly #processes: EngineProcess[]
  readonly #rooms = new Map<string, EngineProcess>()
  #closed = false

  constructor(private readonly options: ProcessEngineOptions) {
    this.#processes = Array.from({ length: options.processes ?? 1 }, (_, n) => this.#make(n))
  }

  #make(n: number): EngineProcess {
    const { workerPath, processes: _processes, ...rest } = this.options
    const made: EngineProcess = new EngineProcess(
      workerPath,
      {
        ...rest,
        port: rest.port + n,
        ...(rest.relayedPort ? { relayedPort: rest.relayedPort + n } : {}),
      },
      {
        event: (name, data) => this.#emit(name, data),
        died: () => this.#died(n, made),
      },
    )
    return made
  }

  async open(): Promise<void> {
    const opened = await Promise.allSettled(this.#processes.map((p) => p.open()))
    const failed = opened.find((o) => o.status === 'rejected')
    if (!failed) return
    await this.close()
    throw failed.reason
  }

  #died(n: number, dead: EngineProcess): void {
    if (this.#closed) return
    const rooms = [...dead.rooms]
    for (const room of rooms) this.#rooms.delete(room)
    this.options.log?.('error', 'a media process died; another is started', { rooms: rooms.length })
    void this.#restart(n, rooms)
  }

  /** The rooms' owners are told when there is a process again that can take their peers. */
  async #restart(n: number, rooms: string[]): Promise<void> {
    const fresh = this.#make(n)
    this.#processes[n] = fresh
    try {
      await fresh.open()
      this.#emit('crashed', { rooms })
    } catch (error) {
      if (this.#closed) return
      this.options.log?.('error', 'the media process could not be started', {
        error: String(error),
      })
      for (const room of fresh.rooms) this.#rooms.delete(room)
      const again = [...new Set([...rooms, ...fresh.rooms])]
      setTimeout(() => {
        if (!this.#closed) void this.#restart(n, again)
      }, RESTART_MS).unref()
    }
  }

  #emit<K extends keyof EngineEvents>(name: K, data: EngineEvents[K]): void {
    this.#emitter.emit(name, data, (error) =>
      this.options.log?.('error', 'a listener of the media engine failed', {
        error: String(error),
      }),
    )
  }

  /** A room stays with its process; a new one goes to the process with the fewest rooms. */
  #owner(room: string): EngineProcess {
    const known = this.#rooms.get(room)
    if (known) return known
    const least = this.#processes.reduce((a, b) => (b.rooms.size < a.rooms.size ? b : a))
    least.rooms.add(room)
    this.#rooms.set(room, least)
    return least
  }

  #call<T>(room: string, name: CallName, argument: unknown): Promise<T> {
    return this.#owner(room).call(name, argument) as Promise<T>
  }

  on<K extends keyof EngineEvents>(event: K, listener: (data: EngineEvents[K]) => void) {
    return this.#emitter.on(event, listener)
  }
  publish(p: Parameters<MediaEngine['publish']>[0]) {
    return this.#call<{ answer: string }>(p.room, 'publish', p)
  }
  receive(p: Parameters<MediaEngine['receive']>[0]) {
    return this.#call<{ answer: string; version: number }>(p.room, 'receive', p)
  }
  answer(p: Parameters<MediaEngine['answer']>[0]) {
    return this.#call<void>(p.room, 'answer', p)
  }
  watch(p: Parameters<MediaEngine['watch']>[0]) {
    return this.#call<void>(p.room, 'watch', p)
  }
  openBridge(p: Parameters<MediaEngine['openBridge']>[0]) {
    return this.#call<void>(p.room, 'openBridge', p)
  }
  sendBridge(p: Parameters<MediaEngine['sendBridge']>[0]) {
    this.#rooms.get(p.room)?.sound(p)
  }
  async unpublish(p: Parameters<MediaEngine['unpublish']>[0]) {
    if (this.#rooms.has(p.room)) await this.#call<void>(p.room, 'unpublish', p)
  }
  async closePeer(p: Parameters<MediaEngine['closePeer']>[0]) {
    if (this.#rooms.has(p.room)) await this.#call<void>(p.room, 'closePeer', p)
  }

  async closeRoom(room: string) {
    const owner = this.#rooms.get(room)
    if (!owner) return
    this.#rooms.delete(room)
    owner.rooms.delete(room)
    await owner.call('closeRoom', room)
  }

  async close() {
    if (this.#closed) return
    this.#closed = true
    this.#emitter.clear()
    await Promise.all(this.#processes.map((p) => p.close()))
  }
}

/** Starts the processes; rejects with one plain sentence when a port is taken. */
export const createProcessEngine = async (options: ProcessEngineOptions): Promise<MediaEngine> => {
  const engine = new ProcessEngine(options)
  await engine.open()
  return engine
}
