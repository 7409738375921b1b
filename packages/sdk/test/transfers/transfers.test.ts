import { describe, expect, it } from 'vitest'
import type { TransferState } from '../../src/api.ts'
import { YuntangError } from '../../src/errors.ts'
import type { Job, Report } from '../../src/transfers/job.ts'
import { createTransfers } from '../../src/transfers/transfers.ts'
import { FakeEnv, settle } from '../link/fake-env.ts'

/** A job that the test finishes by hand. */
const job = () => {
  const runs: {
    signal: AbortSignal
    report: Report
    done(value: string): void
    fail(error: unknown): void
  }[] = []
  let discarded = 0
  const work: Job<string> = {
    run: (signal, report) =>
      new Promise((done, fail) => {
        signal.addEventListener('abort', () => fail(signal.reason), { once: true })
        runs.push({ signal, report, done, fail })
      }),
    discard() {
      discarded++
    },
  }
  return { work, runs, discarded: () => discarded }
}

const setup = () => {
  const env = new FakeEnv()
  const transfers = createTransfers({ env })
  const start = (fileID: string, upload = true) => {
    const made = job()
    const transfer = transfers.start({
      fileID,
      name: fileID,
      upload,
      job: made.work,
      options: {},
    })
    const states: TransferState[] = []
    const percents: number[] = []
    transfer.on('state', (state) => states.push(state))
    transfer.on('progress', ({ percent }) => percents.push(percent))
    return { ...made, transfer, states, percents }
  }
  return { env, transfers, start }
}

describe('the transfers of a page', () => {
  it('06 §1: the fourth waits until one of the three ends', async () => {
    const { start } = setup()
    const all = ['a', 'b', 'c', 'd'].map((id) => start(id))
    await settle()
    expect(all.map(({ transfer }) => transfer.state)).toEqual([
      'running',
      'running',
      'running',
      'waiting',
    ])
    all[1]?.runs[0]?.done('ok')
    expect(await all[1]?.transfer.done).toBe('ok')
    await settle()
    expect(all[3]?.transfer.state).toBe('running')
  })
  it('06 §2: a second transfer of an ID that has not ended is refused', () => {
    const { start } = setup()
    start('a')
    expect(() => start('a')).toThrow(new YuntangError('file.busy'))
  })
  it('06 §1.1: after a final event the same ID may be transferred again', async () => {
    const { start } = setup()
    const first = start('a')
    await settle()
    first.runs[0]?.fail(new YuntangError('disk.full'))
    await expect(first.transfer.done).rejects.toThrow()
    expect(first.transfer.error).toEqual(new YuntangError('disk.full'))
    start('a')
  })
  it('06 §1.1: paused, nothing is told; going on, nothing falls back', async () => {
    const { env, start } = setup()
    const { runs, transfer, percents, states } = start('a')
    await settle()
    const [first] = runs
    first?.report.size(100)
    first?.report.begin()
    await env.pass(300)
    first?.report.at(40)
    transfer.pause()
    expect(first?.signal.aborted).toBe(true)
    await env.pass(300)
    first?.report.at(60)
    transfer.resume()
    await env.pass(300)
    runs[1]?.report.size(100)
    runs[1]?.report.begin()
    runs[1]?.report.at(40)
    await env.pass(300)
    runs[1]?.report.at(80)
    runs[1]?.done('ok')
    await transfer.done
    expect(percents).toEqual([0, 40, 80, 100])
    expect(states).toEqual(['paused', 'running', 'done'])
  })
  it('06 §2: cancelling ends in silence and leaves nothing', async () => {
    const { transfers, start } = setup()
    const { runs, transfer, percents, states, discarded } = start('a')
    await settle()
    transfer.cancel()
    runs[0]?.report.at(10)
    transfer.cancel()
    await expect(transfer.done).rejects.toThrow()
    await settle()
    expect(states).toEqual(['cancelled'])
    expect(percents).toEqual([])
    expect(discarded()).toBe(1)
    expect(transfers.all).toEqual([])
  })
  it('06 §1.1: an upload that found no room leaves nothing on the server', async () => {
    const { start } = setup()
    const { runs, transfer, discarded } = start('a')
    await settle()
    runs[0]?.fail(new YuntangError('disk.full'))
    await expect(transfer.done).rejects.toMatchObject({ code: 'disk.full' })
    await settle()
    expect(discarded()).toBe(1)
  })
  it('06 §2: a failed upload keeps on the server what had arrived, a failed download nothing', async () => {
    const { start } = setup()
    const up = start('up')
    const down = start('down', false)
    await settle()
    for (const { runs, transfer } of [up, down]) {
      runs[0]?.fail(new YuntangError('connection.failed'))
      await expect(transfer.done).rejects.toThrow()
    }
    await settle()
    expect([up.discarded(), down.discarded()]).toEqual([0, 1])
  })
  it('a signal aborted before the start starts nothing', async () => {
    const { env } = setup()
    const transfers = createTransfers({ env })
    const { work, runs } = job()
    const reason = new Error('too late')
    const transfer = transfers.start({
      fileID: 'a',
      name: 'a',
      upload: true,
      job: work,
      options: { signal: AbortSignal.abort(reason) },
    })
    await expect(transfer.done).rejects.toBe(reason)
    expect(runs).toEqual([])
  })
})
