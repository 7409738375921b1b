import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Consent, decide, hear } from '../src/dual/consent.ts'
import { type DualMessage, readMessage, writeMessage } from '../src/dual/messages.ts'
import { dualRegions, linesOf } from '../src/dual/picture.ts'
import { readScript, type ScriptStep, withText } from '../src/dual/script.ts'
import { applyTalk, IDLE, type Talk, type TalkEvent, tellOf } from '../src/dual/talk.ts'

const VOICES = Object.keys(import.meta.glob('../public/prompts/*.mp3'))
const SESSION = '0b2f4c1e-aaaa-bbbb-cccc-000000000001'
const OTHER = '0b2f4c1e-aaaa-bbbb-cccc-000000000002'
const ask: DualMessage = { dual: 'ask', session: SESSION, agent: 'Ann' }
const step = (text: string, running = true): DualMessage => ({
  dual: 'step',
  session: SESSION,
  running,
  text,
})

describe('messages between the pages', () => {
  it.each<DualMessage>([
    ask,
    step('一'),
    { dual: 'answer', session: SESSION, yes: false },
    { dual: 'over', session: SESSION },
    { dual: 'here', session: SESSION },
  ])('%o comes back as it was sent', (message) => {
    expect(readMessage(writeMessage(message))).toEqual(message)
  })

  it.each([
    'hello',
    '{}',
    'null',
    '[]',
    '{"dual":"ask","session":"x","agent":"Ann"}',
    `{"dual":"ask","session":"${SESSION}"}`,
    `{"dual":"answer","session":"${SESSION}","yes":"no"}`,
    `{"dual":"step","session":"${SESSION}","text":"a"}`,
    `{"dual":"toString","session":"${SESSION}"}`,
    JSON.stringify({ ...ask, agent: 'a'.repeat(2001) }),
  ])('%s is none of them', (data) => {
    expect(readMessage(data)).toBeNull()
  })

  it('no command of an application disturbs the page', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (data) => {
        expect(() => readMessage(data)).not.toThrow()
      }),
      { seed: 7 },
    )
  })
})

describe('the agent’s side', () => {
  const asked: TalkEvent = { kind: 'ask', session: SESSION, meeting: 7, customer: 'carl' }
  const after = (...events: TalkEvent[]): Talk => events.reduce(applyTalk, IDLE)
  const yes: TalkEvent = { kind: 'answered', yes: true }
  const no: TalkEvent = { kind: 'answered', yes: false }

  it('nothing is recorded before a yes', () => {
    expect(after(asked).phase).toBe('asking')
    expect(after(asked, { kind: 'begun' }).phase).toBe('asking')
    expect(after(asked, no).phase).toBe('refused')
    expect(after(asked, no, yes).phase).toBe('refused')
    expect(after(asked, yes, { kind: 'begun' })).toMatchObject({ phase: 'recording', parts: 1 })
  })

  it('a reload interrupts what was recorded; consent stands and the next part counts', () => {
    const again = after(
      asked,
      yes,
      { kind: 'begun' },
      { kind: 'step', to: 2 },
      { kind: 'reloaded' },
    )
    expect(again).toMatchObject({ phase: 'interrupted', step: 2 })
    const on = [{ kind: 'goOn' }, { kind: 'begun' }] as const
    expect(on.reduce(applyTalk, again)).toMatchObject({ phase: 'recording', parts: 2, step: 2 })
    expect(after(asked, { kind: 'reloaded' }).phase).toBe('asking')
  })

  it('a consent taken back ends it in whatever state it is', () => {
    for (const events of [
      [],
      [{ kind: 'begun' }],
      [{ kind: 'begun' }, { kind: 'broke' }],
    ] as TalkEvent[][])
      expect(after(asked, yes, ...events, no).phase).toBe('withdrawn')
  })

  it('the customer’s page is told what it has to show', () => {
    expect(tellOf(after(asked), 'Ann', '')).toEqual(ask)
    const runs = after(asked, yes, { kind: 'begun' })
    expect(tellOf(runs, 'Ann', 'one')).toEqual(step('one'))
    expect(tellOf(applyTalk(runs, { kind: 'broke' }), 'Ann', 'one')).toEqual(step('', false))
    expect(tellOf(applyTalk(runs, { kind: 'finish' }), 'Ann', 'one')).toMatchObject({
      dual: 'over',
    })
    expect(tellOf(IDLE, 'Ann', '')).toBeNull()
  })
})

describe('the customer’s side', () => {
  const open = hear(null, 'ann', ask).consent as Consent
  const agreed = decide(open, true).consent as Consent

  it('a question is asked once; a repeated one gets the answer that was given', () => {
    expect(open).toMatchObject({ answer: 'open', agentName: 'Ann' })
    expect(hear(open, 'ann', ask)).toEqual({ consent: open })
    expect(hear(agreed, 'ann', ask).reply).toMatchObject({ dual: 'answer', yes: true })
  })

  it('nobody else’s question takes its place, a refused one’s may', () => {
    const others: DualMessage = { ...ask, session: OTHER }
    expect(hear(agreed, 'eve', others)).toEqual({ consent: agreed })
    const refused = decide(open, false).consent
    expect(hear(refused, 'eve', others).consent).toMatchObject({ agent: 'eve', answer: 'open' })
    expect(hear(agreed, 'eve', { dual: 'over', session: SESSION }).consent).toBe(agreed)
  })

  it('what records without a yes gets a no', () => {
    expect(hear(open, 'ann', step('a')).reply).toMatchObject({ yes: false })
    const taken = decide({ ...agreed, recording: true }, false)
    expect(taken.consent).toMatchObject({ answer: 'no', recording: false })
    expect(hear(taken.consent, 'ann', step('a')).reply).toMatchObject({ yes: false })
  })

  it('a recording agreed to on another page of the customer’s is shown here too', () => {
    expect(hear(null, 'ann', step('a')).consent).toMatchObject({ recording: true, text: 'a' })
  })

  it('it shows the step, stands still, and is over', () => {
    const shown = hear(agreed, 'ann', step('one')).consent
    expect(shown).toMatchObject({ recording: true, text: 'one' })
    expect(hear(shown, 'ann', step('', false)).consent).toMatchObject({ recording: false })
    expect(hear(shown, 'ann', { dual: 'over', session: SESSION }).consent).toBeNull()
  })
})

describe('10 §2.1: the picture of a dual recording', () => {
  const size = { width: 1280, height: 720 }
  const shown = (...open: string[]) =>
    dualRegions(['ann', 'carl'], (userID) => open.includes(userID), size)

  it('two faces of 16:9 side by side, with text, names and time inside the picture', () => {
    const regions = shown('ann', 'carl')
    expect(regions.slice(0, 2)).toMatchObject([
      { left: 0, top: 180, width: 640, height: 360, content: { userID: 'ann' } },
      { left: 640, top: 180, width: 640, height: 360, content: { userID: 'carl' } },
    ])
    expect(regions.map(({ content }) => content.kind)).toContain('time')
    for (const { left, top, width, height } of regions) {
      expect(left + width).toBeLessThanOrEqual(size.width)
      expect(top + height).toBeLessThanOrEqual(size.height)
    }
  })

  it('a camera is looked at once it is open, at its own place', () => {
    expect(shown('carl')[0]).toMatchObject({ left: 640, content: { userID: 'carl' } })
    expect(shown().every(({ content }) => content.kind !== 'camera')).toBe(true)
  })
})

describe('text in the recorded picture', () => {
  const upTo = (most: number) => (line: string) => line.length <= most

  it('breaks words at spaces and Chinese anywhere, and ends with a mark when it is too long', () => {
    expect(linesOf('one two three', upTo(7), 3)).toEqual(['one two', 'three'])
    expect(linesOf('请说出您的姓名', upTo(4), 3)).toEqual(['请说出您', '的姓名'])
    expect(linesOf('a b c d e f', upTo(3), 2)).toEqual(['a b', 'c d…'])
    expect(linesOf('', upTo(3), 2)).toEqual([''])
  })
})

describe('the script', () => {
  it.each(['zh', 'en'] as const)('in %s every built-in step has its voice', (locale) => {
    const script = readScript(locale)
    expect(script.length).toBeGreaterThan(0)
    for (const { sound } of script) expect(VOICES).toContain(`../public${sound}`)
  })

  it('the built-in voice says its own words only; a chosen file stays', () => {
    const [first] = readScript('en') as [ScriptStep]
    expect(withText(first, 'Other words.').sound).toBe('')
    expect(withText(first, first.text).sound).toBe(first.sound)
    const chosen = { ...first, sound: 'prompts/a/mine.wav' }
    expect(withText(chosen, 'Other words.').sound).toBe('prompts/a/mine.wav')
  })
})
