import { type Events, LIMITS, writeConfirm } from '@yuntang/protocol'
import type { Sink } from './sinks.ts'
import type { ChannelWire } from './wire.ts'

type Announced = Events['channel.incoming']

interface Task extends Announced {
  sink: Sink | null
  /** Bytes taken in, in order. */
  received: number
  /** Bytes that the sink has. */
  stored: number
  /** One write after the other. */
  writes: Promise<void>
  finishing: boolean
}

export interface IncomingPorts {
  openSink(announced: Announced): Promise<Sink>
  /** A task that had begun to arrive will not be completed. */
  cancelled(task: string): void
}

/** Buffers and files on their way in (spec 04 §7): stored chunk by chunk, delivered whole or not at all. */
export const createIncoming = (wire: ChannelWire, ports: IncomingPorts) => {
  const waiting: Announced[] = []
  const running = new Map<number, Task>()

  const drop = (task: Task, tell: boolean) => {
    if (running.get(task.transfer) !== task) return
    running.delete(task.transfer)
    task.writes = task.writes.catch(() => {}).then(() => task.sink?.discard())
    task.writes.catch(() => {})
    if (tell && task.received > 0) ports.cancelled(task.task)
    startNext()
  }

  const refuse = (task: Task) => {
    if (running.get(task.transfer) !== task) return
    wire.send('channel.refuse', { transfer: task.transfer }).catch(() => {})
    drop(task, true)
  }

  /** Says from where on the sender shall send. */
  const accept = (task: Task) => {
    const { transfer, stored } = task
    wire.send('channel.accept', { transfer, offset: stored }).catch(() => {})
  }

  const finish = async (task: Task) => {
    task.finishing = true
    const { transfer, sink } = task
    await sink?.close()
    await wire.send('channel.finish', { transfer })
    if (running.get(transfer) !== task || !sink) return
    sink.commit()
    running.delete(transfer)
    wire.send('channel.delivered', { transfer }).catch(() => {})
    startNext()
  }

  const tryFinish = (task: Task) => {
    if (task.finishing || task.stored < task.size) return
    finish(task).catch(() => refuse(task))
  }

  const startNext = () => {
    while (running.size < LIMITS.tasksPerReceiver) {
      const announced = waiting.shift()
      if (!announced) return
      const task: Task = {
        ...announced,
        sink: null,
        received: 0,
        stored: 0,
        writes: Promise.resolve(),
        finishing: false,
      }
      running.set(task.transfer, task)
      void start(task)
    }
  }

  const start = async (task: Task) => {
    try {
      const sink = await ports.openSink(task)
      if (running.get(task.transfer) !== task) return await sink.discard()
      task.sink = sink
      accept(task)
      tryFinish(task)
    } catch {
      refuse(task)
    }
  }

  wire.inbox.on('channel.incoming', (announced) => {
    waiting.push(announced)
    startNext()
  })
  wire.inbox.on('channel.withdrawn', ({ transfer }) => {
    const place = waiting.findIndex((announced) => announced.transfer === transfer)
    if (place >= 0) waiting.splice(place, 1)
    const task = running.get(transfer)
    if (task) drop(task, true)
  })

  return {
    chunk(transfer: number, offset: number, bytes: Uint8Array<ArrayBuffer>) {
      const task = running.get(transfer)
      const { sink } = task ?? {}
      if (!task || !sink || task.finishing) return
      if (offset !== task.received) {
        // Repeated after a lost link: the server may not know yet how far we are.
        if (offset + bytes.length <= task.stored)
          wire.sendBinary(writeConfirm(transfer, task.stored))
        return
      }
      if (offset + bytes.length > task.size) return
      task.received += bytes.length
      task.writes = task.writes.then(async () => {
        if (running.get(transfer) !== task) return
        await sink.write(bytes)
        task.stored += bytes.length
        if (task.stored < task.size) wire.sendBinary(writeConfirm(transfer, task.stored))
        else tryFinish(task)
      })
      task.writes.catch(() => refuse(task))
    },
    /** The link came back: every sender is told how far its task is. */
    resumed() {
      for (const task of running.values())
        if (task.sink && !task.finishing) task.writes.then(() => accept(task)).catch(() => {})
    },
    /** What the server had begun is lost. */
    forget() {
      waiting.length = 0
      for (const task of [...running.values()]) drop(task, true)
    },
    /** The login is over. */
    end() {
      waiting.length = 0
      for (const task of [...running.values()]) drop(task, false)
    },
  }
}
