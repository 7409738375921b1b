import type { Client, Offer, QueueStatus, Queuing, Unsubscribe } from '../../api.ts'
import { number, text } from '../convert.ts'
import { parseArgument } from '../delivery.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import type { FunctionTable } from './function-table.ts'

const QUE_ID_INVALID = 400
const MEETPARAM_ERR = 5
const seconds = (ms: number) => Math.floor(ms / 1000)

const statusObject = ({ queue, agents, waiting, served }: QueueStatus) => ({
  queID: queue,
  agent_num: agents,
  wait_num: waiting,
  srv_num: served,
})

const queuingObject = ({ queue, position, waited }: Queuing) => ({
  queID: queue,
  position,
  queuingTime: seconds(waited),
})

/** Both names of each property that has two (spec 00 §14, 28). */
const userObject = (offer: Offer) => {
  const given = parseArgument('param', offer.text)
  return {
    queID: offer.queue,
    usrID: offer.userID,
    userID: offer.userID,
    name: offer.name,
    queuingTime: seconds(offer.waited),
    param: given,
    usrExtDat: given,
  }
}

const NO_USER = {
  queID: -1,
  usrID: '',
  userID: '',
  name: '',
  queuingTime: 0,
  param: '',
  usrExtDat: '',
}

/** Puts what queues announce into their slots. */
const bridgeQueues = (client: Client, facade: Facade): Unsubscribe[] => [
  client.queues.on('status', (status) => facade.emit('QueueStatusChanged', [statusObject(status)])),
  client.queues.on('queuing', (place) => facade.emit('QueuingInfoChanged', [queuingObject(place)])),
  client.queues.on('offered', (offer) => facade.emit('AutoAssignUser', [userObject(offer)])),
  client.queues.on('withdrawn', ({ queue, userID }) =>
    facade.emit('CancelAssignUser', [queue, userID]),
  ),
]

/** A whole number that can be a queue's, or null. */
const queueID = (value: unknown): number | null => {
  const read = number(value, Number.NaN)
  return Number.isSafeInteger(read) && read >= 0 ? read : null
}

/** Queues of a call centre (spec 05 §3–5). */
export function queueFunctions(facade: Facade): FunctionTable {
  facade.onClient((client) => bridgeQueues(client, facade))

  const startQueuing = (queID: unknown, usrExtDat: unknown, cookie: unknown) => {
    const result = (sdkErr: number) => facade.emit('StartQueuingRslt', [sdkErr, cookie ?? ''])
    facade.operate(
      (client, signal) =>
        client.queues.join({ queue: queueID(queID) ?? -1, text: text(usrExtDat) }, { signal }),
      () => result(0),
      result,
    )
  }
  const service = (start: boolean) => (queID: unknown, cookie: unknown) => {
    const slot = start ? 'StartServiceRslt' : 'StopServiceRslt'
    const queue = queueID(queID)
    const result = (sdkErr: number) =>
      facade.emit(slot, [
        queue ?? 0,
        queue === null && sdkErr === MEETPARAM_ERR ? QUE_ID_INVALID : sdkErr,
        cookie ?? '',
      ])
    facade.operate(
      ({ queues }, signal) =>
        start ? queues.serve(queue ?? -1, { signal }) : queues.stopServing(queue ?? -1, { signal }),
      () => result(0),
      result,
    )
  }
  const answer = (accept: boolean) => (queID: unknown, userID: unknown, cookie: unknown) => {
    const result = (sdkErr: number) => facade.emit('ResponseAssignUserRslt', [sdkErr, cookie ?? ''])
    const offer = { queue: queueID(queID) ?? -1, userID: text(userID) }
    facade.operate<unknown>(
      ({ queues }, signal) =>
        accept ? queues.accept(offer, { signal }) : queues.reject(offer, { signal }),
      () => result(0),
      result,
    )
  }

  return {
    InitQueueDat: (cookie) => {
      const result = (sdkErr: number) => facade.emit('InitQueueDatRslt', [sdkErr, cookie ?? ''])
      facade.operate(
        (client, signal) => client.queues.init({ signal }),
        () => result(0),
        result,
      )
    },
    RefreshAllQueueStatus: () => {
      facade.operate(
        (client, signal) => client.queues.refresh({ signal }),
        () => {},
        (sdkErr) => warn(`RefreshAllQueueStatus failed with ${sdkErr}`),
      )
    },
    GetAllQueueInfo: () =>
      (facade.client?.queues.list ?? []).map(({ id, name, desc, priority }) => ({
        queID: id,
        name,
        desc,
        prio: priority,
      })),
    GetQueueStatus: (queID) => {
      const queue = queueID(queID)
      const known = queue === null ? null : facade.client?.queues.status(queue)
      return statusObject(known ?? { queue: queue ?? 0, agents: 0, waiting: 0, served: 0 })
    },
    GetQueuingInfo: () =>
      queuingObject(facade.client?.queues.queuing ?? { queue: -1, position: 0, waited: 0 }),
    GetServingQueues: () => (facade.client?.queues.serving ?? []).map(String),
    GetSessionInfo: () => {
      const session = facade.client?.queues.session
      return {
        callID: session?.callID ?? '',
        peerID: session?.peerID ?? '',
        peerName: session?.peerName ?? '',
        bCallAccepted: session?.accepted ? 1 : 0,
        meetingID: session?.meetingID ?? 0,
        meetingPswd: session?.meetingPassword ?? '',
        duration: session?.accepted ? Math.max(1, seconds(session.talking)) : 0,
      }
    },
    StartQueuing: (queID, cookie) => startQueuing(queID, '', cookie),
    StartQueuing2: startQueuing,
    StopQueuing: (cookie) => {
      const result = (sdkErr: number) => facade.emit('StopQueuingRslt', [sdkErr, cookie ?? ''])
      facade.operate(
        (client, signal) => client.queues.leave({ signal }),
        () => result(0),
        result,
      )
    },
    StartService: service(true),
    StopService: service(false),
    ReqAssignUser: (cookie) => {
      facade.operate(
        (client, signal) => client.queues.next({ signal }),
        (offer) => facade.emit('ReqAssignUserRslt', [0, userObject(offer), cookie ?? '']),
        (sdkErr) => facade.emit('ReqAssignUserRslt', [sdkErr, { ...NO_USER }, cookie ?? '']),
      )
    },
    AcceptAssignUser: answer(true),
    RejectAssignUser: answer(false),
  }
}
