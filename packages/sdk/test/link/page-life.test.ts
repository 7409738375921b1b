import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { followPage } from '../../src/client/page-life.ts'

let page: EventTarget
let document: EventTarget & { visibilityState: string }
let connection: EventTarget
let told: string[]
let stop: () => void

beforeEach(() => {
  page = new EventTarget()
  document = Object.assign(new EventTarget(), { visibilityState: 'hidden' })
  connection = new EventTarget()
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page))
  vi.stubGlobal('document', document)
  vi.stubGlobal('navigator', { connection })
  told = []
  stop = followPage({
    unload: () => told.push('unload'),
    restored: () => told.push('restored'),
    awake: () => told.push('awake'),
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

it('00 §10: another network, the network back, the tab shown or thawed: what waits may go on', () => {
  connection.dispatchEvent(new Event('change'))
  page.dispatchEvent(new Event('online'))
  document.dispatchEvent(new Event('resume'))
  expect(told).toEqual(['awake', 'awake', 'awake'])
  document.dispatchEvent(new Event('visibilitychange'))
  expect(told).toHaveLength(3)
  document.visibilityState = 'visible'
  document.dispatchEvent(new Event('visibilitychange'))
  expect(told).toHaveLength(4)
})

it('00 §10: a page that goes says so; only one that was kept is restored', () => {
  page.dispatchEvent(new Event('pagehide'))
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }))
  expect(told).toEqual(['unload'])
  page.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: true }))
  expect(told).toEqual(['unload', 'restored'])
  stop()
  for (const target of [page, document, connection])
    for (const type of ['pagehide', 'online', 'resume', 'change'])
      target.dispatchEvent(new Event(type))
  expect(told).toHaveLength(2)
})
