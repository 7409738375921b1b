import { createSocket, type RemoteInfo } from 'node:dgram'
import { Headers } from '../../packages/telephony/src/sip/message/headers.ts'
import {
  isRequest,
  request,
  type SipMessage,
  type SipRequest,
  writeMessage,
} from '../../packages/telephony/src/sip/message/message.ts'
import { parseDatagram } from '../../packages/telephony/src/sip/message/parse.ts'
import { respond } from '../../packages/telephony/src/sip/message/respond.ts'
import { sound } from '../../packages/telephony/test/support/scenario.ts'
import { eventually } from './eventually.ts'

/** A call that the server made on the trunk; it does what the story says. */
export interface TrunkCall {
  /** Where the server wants the sound. */
  readonly soundPort: number
  /** What the server asked in this call, such as `INVITE`, `ACK`, `CANCEL`, `BYE`. */
  readonly asked: string[]
  reply(status: number): void
  /** Picks up; the telephone's sound is at this port. */
  answer(soundPort: number): void
  hangUp(): void
}

/** A SIP trunk on loopback, over UDP, that nothing happens on by itself. */
export const startTrunk = async () => {
  const socket = createSocket('udp4')
  const calls = new Map<string, TrunkCall & { readonly number: string; repeat(): void }>()
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  const { port: ownPort } = socket.address()
  const contact = { Contact: `<sip:trunk@127.0.0.1:${ownPort}>` }
  const described = { ...contact, 'Content-Type': 'application/sdp' }
  const taken = new Set<TrunkCall>()
  let serial = 0

  const begin = (invite: SipRequest, from: RemoteInfo) => {
    const tag = `trunk${++serial}`
    const send = (message: SipMessage) =>
      socket.send(writeMessage(message), from.port, from.address)
    let last: SipMessage | null = null
    const answerWith = (reply: Parameters<typeof respond>[1]) => {
      last = respond(invite, reply, tag)
      send(last)
    }
    return {
      number: /^sip:([^@;]+)/.exec(invite.uri)?.[1] ?? '',
      soundPort: Number(/^m=audio (\d+)/m.exec(invite.body.toString())?.[1]),
      asked: ['INVITE'],
      reply: (status: number) => answerWith({ status, headers: contact }),
      answer: (port: number) =>
        answerWith({ status: 200, headers: described, body: sound({ port }) }),
      repeat: () => last && send(last),
      hangUp() {
        const headers = Headers.of({
          Via: `SIP/2.0/UDP 127.0.0.1:${ownPort};branch=z9hG4bK${tag}bye`,
          From: `${invite.headers.get('To')};tag=${tag}`,
          To: invite.headers.get('From') ?? '',
          'Call-ID': invite.headers.get('Call-ID') ?? '',
          CSeq: '1 BYE',
          'Max-Forwards': '70',
        })
        const target = /<([^>]+)>/.exec(invite.headers.get('Contact') ?? '')?.[1] ?? ''
        send(request('BYE', target, headers))
      },
    }
  }

  socket.on('message', (data, from) => {
    const message = parseDatagram(data)
    if (!isRequest(message)) return
    const id = message.headers.get('Call-ID') ?? ''
    const call = calls.get(id)
    if (message.method === 'INVITE') {
      if (call) call.repeat()
      else calls.set(id, begin(message, from))
      return
    }
    call?.asked.push(message.method)
    if (message.method === 'ACK') return
    socket.send(writeMessage(respond(message, { status: 200 }, 'trunk')), from.port, from.address)
    if (message.method === 'CANCEL') call?.reply(487)
  })
  return {
    port: ownPort,
    /** The call of a number that the story has not taken yet, once there is one. */
    called: (number: string): Promise<TrunkCall> =>
      eventually(() => {
        const found = [...calls.values()].find((c) => c.number === number && !taken.has(c))
        if (!found) throw new Error(`${number} was not called`)
        taken.add(found)
        return found
      }),
    close: () => socket.close(),
  }
}
export type Trunk = Awaited<ReturnType<typeof startTrunk>>
