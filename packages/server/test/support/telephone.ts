import type {
  CallEnd,
  CallEvents,
  IncomingCall,
  Line,
  PhoneSound,
  Telephone,
} from '@yuntang/telephony'
import type { PhonePorts } from '../../src/domains/phones/phones.ts'
import { PROMPTS, type Prompt } from '../../src/domains/phones/prompts.ts'

type Listener = (...data: never[]) => void

const listeners = () => {
  const all = new Map<string, Set<Listener>>()
  return {
    on(event: string, listener: Listener) {
      const set = all.get(event) ?? new Set()
      all.set(event, set.add(listener))
      return () => set.delete(listener)
    },
    emit(event: string, ...data: unknown[]) {
      for (const listener of [...(all.get(event) ?? [])])
        (listener as (...data: unknown[]) => void)(...data)
    },
  }
}

/** Each prompt has a length of its own, by which it is told: a second and a few samples. */
const LENGTH = 48_000
const testPrompts = Object.fromEntries(
  PROMPTS.map((prompt, i) => [prompt, new Int16Array(LENGTH + i)]),
) as Record<Prompt, Int16Array>

/** The sound of a call: notes what it is told to say. */
export class TestLine {
  readonly port = 4_000
  /** Prompts, and `hush`. */
  readonly said: string[] = []
  readonly on = () => () => {}
  readonly heard = () => () => {}
  say(samples: Int16Array): void {
    this.said.push(PROMPTS[samples.length - LENGTH] ?? 'unknown')
  }
  hush(): void {
    this.said.push('hush')
  }
  connect(): void {}
  hold(): void {}
  press(): void {}
  close(): void {}
}

/** A call at the port, driven by the test as a trunk would drive it. */
export class TestCall implements IncomingCall {
  line: Line | null = new TestLine() as Line
  isAnswered = false
  /** `hangUp` of the server was asked for. */
  isHungUp = false
  readonly #listeners = listeners()

  constructor(
    readonly id: string,
    readonly peer: string,
    readonly dialled = '',
  ) {}

  on<K extends keyof CallEvents>(event: K, listener: (...data: CallEvents[K]) => void) {
    return this.#listeners.on(event, listener as Listener)
  }
  try(): void {
    this.#listeners.emit('trying')
  }
  ring(): void {
    this.#listeners.emit('ringing')
  }
  /** What it was told since it was asked last. */
  said(): string[] {
    return (this.line as TestLine).said.splice(0)
  }
  answer(): void {
    this.isAnswered = true
    this.#listeners.emit('answered')
  }
  press(digits: string): void {
    for (const digit of digits) this.#listeners.emit('digit', digit)
  }
  end(why: CallEnd, status = 0): void {
    this.#listeners.emit('ended', why, status)
  }
  hangUp(): void {
    if (this.isHungUp) return
    this.isHungUp = true
    queueMicrotask(() => this.end(this.isAnswered ? 'hungUp' : 'cancelled'))
  }
}

/** A telephone without a trunk, and sound that goes nowhere: both note what they were asked. */
export const testTelephone = () => {
  const dialled: TestCall[] = []
  const asked: string[] = []
  const events = listeners()
  const joined = new Map<unknown, string>()
  let failure: Error | null = null
  const sound = {
    async join(line: Line, at: { room: string; isMuted?: boolean }) {
      await null
      if (failure) throw failure
      joined.set(line, at.room)
      asked.push(`join ${at.isMuted ? 'muted' : 'speaking'}`)
    },
    async mute(line: Line, on: boolean) {
      if (!joined.has(line)) throw new Error('The line is in no room')
      asked.push(on ? 'mute' : 'unmute')
    },
    async leave(line: Line) {
      if (joined.delete(line)) asked.push('leave')
    },
    on: (event: string, listener: Listener) => events.on(event, listener),
    close: async () => {},
  } as unknown as PhoneSound
  const telephone = {
    dial(to: string) {
      const call = new TestCall(String(dialled.length), to)
      dialled.push(call)
      return call
    },
    on: (event: string, listener: Listener) => events.on(event, listener),
    close: async () => {},
  } as unknown as Telephone
  const phone: PhonePorts = { telephone, sound, prompts: testPrompts }
  return {
    phone,
    /** Calls made, in order. */
    dialled,
    /** What the sound was asked: `join speaking`, `join muted`, `mute`, `unmute`, `leave`. */
    asked,
    /** Somebody calls. */
    incoming(peer: string): TestCall {
      const call = new TestCall(`in${peer}`, peer, '4930')
      events.emit('incoming', call)
      return call
    },
    lose: (call: TestCall) => events.emit('lost', call.line),
    refuseSound(error: Error | null) {
      failure = error
    },
  }
}
