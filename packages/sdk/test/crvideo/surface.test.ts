import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Files } from '../../src/api.ts'
import { FUNCTION_ALIASES, SLOT_ALIASES } from '../../src/crvideo/aliases.ts'
import { install } from '../../src/crvideo/install.ts'
import { SLOTS } from '../../src/crvideo/slot-names.ts'
import { page, settle } from './fake-client.ts'

interface Entry {
  name: string
  params: string[]
}
const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../../e2e/conformance/${name}`, import.meta.url), 'utf8'))
const surface = read('surface.json') as { callbacks: Entry[]; functions: Entry[] }
/** The tables of spec 01, by full names. */
const constants = read('constants.json') as {
  errors: Record<string, number>
  enums: Record<string, Record<string, number>>
}

beforeEach(() => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
})
afterEach(() => vi.restoreAllMocks())

describe('00 §2: global surface', () => {
  it('has every function and slot as a writable property', () => {
    const { target } = page()
    for (const { name } of surface.functions) expect(typeof target[name], name).toBe('function')
    for (const { name } of surface.callbacks) {
      expect(target[name], name).toMatchObject({ name, callback: null })
      expect(Object.getOwnPropertyDescriptor(target, name)?.writable).toBe(true)
    }
  })

  it('00 §16: slots carry the listed arguments', () => {
    const slots: Record<string, string> = SLOTS
    for (const { name, params } of surface.callbacks) {
      const own = slots[name.slice('CRVideo_'.length)]?.split(' ').filter(Boolean) ?? []
      const listed = params.map((param) => param.replace('?', ''))
      expect(own.slice(0, listed.length), name).toEqual(listed)
    }
  })

  it('00 §12: a handler assigned through an alias is called', async () => {
    const { target, run, log } = page()
    const alias = target.CRVideo_SendCmdRslt as { callback: unknown }
    alias.callback = (...args: unknown[]) => log.push(args)
    const id = run('SendCmd', 'bob', 'x')
    await settle()
    expect(log.map(([taskID]) => taskID)).toEqual([id])
    expect(target.CRVideo_SendCmdRlst).toBe(alias)
  })

  it('00 §12: aliases are the same object', () => {
    const { target } = page()
    for (const [name, others] of Object.entries({ ...FUNCTION_ALIASES, ...SLOT_ALIASES })) {
      for (const other of [others].flat()) {
        expect(target[`CRVideo_${other}`], other).toBe(target[`CRVideo_${name}`])
        expect(target[`CRVideo_${name}`], name).toBeDefined()
      }
    }
  })

  it('01 §1, §2: every error constant under both prefixes', () => {
    const { target } = page()
    for (const [name, value] of Object.entries(constants.errors)) {
      expect(target[name], name).toBe(value)
      expect(target[name.replace('CRVideo_', 'CRVIDEOSDK_')], name).toBe(value)
    }
    expect(target).toMatchObject({ CRVideo_Version_OCX: '303000', CRVideo_Is_ActiveXObject: false })
  })

  it('01 §4: every enum object with every key and value, and no other', () => {
    const { target } = page()
    for (const [name, values] of Object.entries(constants.enums))
      expect(target[name], name).toEqual(values)
    expect(target.CRVideo_HTTP_TRANSFER_STATE).toBe(target.CRVideo_HTTP_TRANSFER_STAT)
  })

  it('00 §2: everything global is a writable property, and nothing else is there', () => {
    const { target } = page()
    const listed = new Set([
      ...[...surface.functions, ...surface.callbacks].map(({ name }) => name),
      ...Object.values({ ...FUNCTION_ALIASES, ...SLOT_ALIASES })
        .flat()
        .map((alias) => `CRVideo_${alias}`),
      ...Object.keys(constants.errors),
      ...Object.keys(constants.errors).map((name) => name.replace('CRVideo_', 'CRVIDEOSDK_')),
      ...Object.keys(constants.enums),
      'CRVideo_Version_OCX',
      'CRVideo_Is_ActiveXObject',
      'CRVideo',
    ])
    expect(new Set(Object.keys(target))).toEqual(listed)
    for (const name of listed)
      expect(Object.getOwnPropertyDescriptor(target, name)?.writable, name).toBe(true)
  })

  it('loading twice keeps slots and their handlers', () => {
    const { target, listen } = page()
    listen('LineOff')
    const before = { ...target }
    const ports = {
      createClient: () => {
        throw new Error('a second client')
      },
      files: {} as Files,
      origin: '',
      newID: () => '',
      defer: () => {},
      yield: () => {},
      report: () => {},
    }
    install(target, ports, '')
    expect({ ...target }).toEqual(before)
    expect(target.CRVideo_LineOff).toBe(before.CRVideo_LineOff)
  })

  it('no function throws or returns a promise before Init, whatever it is given', async () => {
    const { target } = page()
    const makers = /Creat(Video|Media|ScreenShare)Obj$/
    for (const { name } of surface.functions.filter((entry) => !makers.test(entry.name))) {
      const run = target[name] as (...args: unknown[]) => unknown
      for (const given of [[], [Symbol('x'), null, {}, Number.NaN], ['{', '{', '{', '{']]) {
        expect(run(...given) instanceof Promise, name).toBe(false)
      }
    }
    await settle()
  })
})

describe('functions that cannot do what they are asked', () => {
  it('11 §1: a message outside a meeting fails with 800, after its ID was returned', async () => {
    const { run, listen, log } = page()
    listen('SendIMmsgRlst')
    expect(run('SendIMmsg', 'hello', '', 'mine')).not.toBe('')
    await settle()
    expect(log).toEqual([['SendIMmsgRlst', expect.any(String), 9, 'mine']])
    vi.stubGlobal('WebSocket', class {})
    vi.stubGlobal('RTCPeerConnection', class {})
    run('Init2')
    const id = run('SendIMmsg', 'hello', '', 'mine')
    expect(log).toHaveLength(1)
    await settle()
    expect(log[1]).toEqual(['SendIMmsgRlst', id, 800, 'mine'])
    vi.unstubAllGlobals()
  })

  it('00 §6.1: getters answer empty values of the right shape', () => {
    const { run } = page()
    expect(run('GetAllMembers')).toBe('[]')
    expect(JSON.parse(String(run('GetMemberInfo', 'x')))).toMatchObject({
      userID: '',
      audioStatus: 0,
    })
    expect(run('GetServingQueues')).toEqual([])
    expect(run('GetQueuingInfo')).toEqual({ queID: -1, position: 0, queuingTime: 0 })
    expect(run('GetVideoWallMode')).toBe(0)
    expect(run('Getcurrentmainpage')).toBe(0)
    expect(run('GetMainVideo')).toBe('')
    expect(JSON.parse(String(run('Getcurrentsubpage')))).toEqual({
      userID: '',
      boardID: '',
      pageID: '',
    })
  })
})
