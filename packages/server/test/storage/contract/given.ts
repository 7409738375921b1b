import type { MeetingRecord, Storage } from '../../../src/storage/port.ts'

/** What a test of the contract works on: one storage for all, an app account of its own. */
export type Given = () => { readonly storage: Storage; readonly account: string }

let serial = 0

export const nextSerial = (): number => ++serial

/** A meeting unlike any other of the run; all suites share one storage. */
export const meeting = (account: string, over: Partial<MeetingRecord> = {}): MeetingRecord => {
  nextSerial()
  return {
    id: 10_000_000 + serial,
    account,
    subject: '周会 ✅',
    password: '012345',
    creator: 'Müller, 1',
    slug: `slug${serial}`,
    createdAt: 1_700_000_000_000,
    emptySince: 1_700_000_000_001,
    requestKey: null,
    ...over,
  }
}
