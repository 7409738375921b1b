import { LIMITS } from '@yuntang/protocol'
import type { YuntangError } from '../errors.ts'
import { createPacer } from './pacer.ts'
import type { ChannelWire } from './wire.ts'

interface Command {
  resolve(): void
  reject(error: unknown): void
  sent: boolean
}

/** Commands of this page that have no result yet. */
export const createCommands = (wire: ChannelWire) => {
  const open = new Map<string, Command>()
  const pacer = createPacer(LIMITS.commandsPerSecond, wire.env)

  const settle = (task: string, error: unknown) => {
    const command = open.get(task)
    open.delete(task)
    if (error) command?.reject(error)
    else command?.resolve()
  }

  return {
    send: (task: string, to: string, data: string) =>
      new Promise<void>((resolve, reject) => {
        const command: Command = { resolve, reject, sent: false }
        open.set(task, command)
        pacer.add(() => {
          command.sent = true
          wire.send('channel.command', { task, to, data }).catch((error) => settle(task, error))
        })
      }),
    settled: settle,
    hold: pacer.hold,
    /** What the server had taken is lost. */
    forget(error: YuntangError) {
      for (const [task, { sent }] of [...open]) if (sent) settle(task, error)
    },
    end(error: YuntangError) {
      pacer.clear()
      for (const task of [...open.keys()]) settle(task, error)
    },
  }
}
