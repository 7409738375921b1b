import type { Client } from '../../api.ts'
import { YuntangError } from '../../errors.ts'
import { lastComponent } from '../../files/paths.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import type { SlotName } from '../slot-names.ts'
import type { FunctionTable } from './function-table.ts'

const LOGINSTATE_ERROR = 9
const TRANSID_INVALID = 1104
/** What a task is aborted with when the page cancels it. */
const CANCELLED = new Error('cancelled by the page')

interface Task {
  readonly abort: AbortController
  /** Cookies of the `CancelSend` calls that wait for the outcome. */
  readonly cancels: unknown[]
}

interface Plan {
  readonly id: string
  readonly cookie: unknown
  readonly slot: SlotName
  /** Arguments of the result between task ID and error. */
  readonly about: readonly unknown[]
  send(
    client: Client,
    options: { task: string; signal: AbortSignal; onProgress(sent: number, total: number): void },
  ): Promise<void>
}

/** The transparent channel (spec 04). */
export function channelFunctions(facade: Facade): FunctionTable {
  const tasks = new Map<string, Task>()

  const start = ({ id, cookie, slot, about, send }: Plan): string => {
    const task: Task = { abort: new AbortController(), cancels: [] }
    const result = (sdkErr: number) => facade.emit(slot, [id, ...about, sdkErr, cookie])
    const answerCancels = (first: number) => {
      for (const [i, own] of task.cancels.entries())
        facade.emit('CancelSendRlst', [id, i === 0 ? first : TRANSID_INVALID, own])
    }
    const options = {
      task: id,
      signal: task.abort.signal,
      onProgress: (sent: number, total: number) => {
        if (tasks.has(id)) facade.emit('SendProgress', [id, sent, total, cookie])
      },
    }
    tasks.set(id, task)
    facade.operate(
      (client, dropped) => {
        const drop = () => {
          tasks.delete(id)
          task.abort.abort(dropped.reason)
        }
        dropped.addEventListener('abort', drop, { once: true })
        return send(client, options)
      },
      () => {
        tasks.delete(id)
        result(0)
        answerCancels(TRANSID_INVALID)
      },
      (sdkErr, error) => {
        tasks.delete(id)
        if (error === CANCELLED) return answerCancels(0)
        result(sdkErr)
        answerCancels(TRANSID_INVALID)
      },
    )
    return id
  }

  const sendFile = (target: string, source: string | Blob, cookie: unknown) => {
    const given = source instanceof Blob ? (source as File).name || 'blob' : source
    const path =
      source instanceof Blob ? `${facade.sdkPath}/Temp/${lastComponent(given) || 'blob'}` : given
    return start({
      id: facade.newID(),
      cookie,
      slot: 'SendFileRlst',
      about: [path],
      async send(client, options) {
        if (source instanceof Blob && client.userID !== null)
          await client.files.put(path, source).catch(() => {
            throw new YuntangError('files.unreadable')
          })
        await client.channel.sendFile(target, source, { ...options, name: given })
      },
    })
  }

  return {
    SendCmd: (target, data, cookie) => {
      const id = facade.newID()
      const result = (sdkErr: number) => facade.emit('SendCmdRlst', [id, sdkErr, cookie ?? ''])
      facade.operate(
        (client) => client.channel.sendCommand(text(target), text(data), { task: id }),
        () => result(0),
        result,
      )
      return id
    },
    SendBuffer: (target, data, cookie) =>
      start({
        id: facade.newID(),
        cookie: cookie ?? '',
        slot: 'SendBufferRlst',
        about: [],
        send: (client, options) => client.channel.sendBuffer(text(target), text(data), options),
      }),
    SendFile: (target, file, cookie) =>
      sendFile(text(target), file instanceof Blob ? file : text(file), cookie ?? ''),
    CancelSend: (taskID, cookie) => {
      const id = text(taskID)
      const task = tasks.get(id)
      const answer = (sdkErr: number) => facade.emit('CancelSendRlst', [id, sdkErr, cookie ?? ''])
      if (!facade.client || !facade.callService || facade.client.userID === null)
        return answer(LOGINSTATE_ERROR)
      if (!task) return answer(TRANSID_INVALID)
      task.cancels.push(cookie ?? '')
      task.abort.abort(CANCELLED)
    },
  }
}
