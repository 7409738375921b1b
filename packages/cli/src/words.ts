import type {
  ByteSpan,
  Doubt,
  Finding,
  Stamp,
  Timeline,
  TimeSpan,
  Verdict,
} from '@yuntang/protocol'

type Witness = Pick<Stamp, 'account' | 'userID' | 'meeting'>

const DOUBTS: Readonly<Record<Doubt, string>> = {
  unreadable: 'MANIFEST is not a manifest, or it is damaged.',
  version: 'The manifest has a format that this version does not know.',
  inconsistent: 'The parts of the manifest do not belong together: somebody changed it.',
  signature: 'The signature of the manifest is wrong: somebody changed the manifest.',
  key: 'The manifest is signed with another key than the one you trust.',
  stamp: 'The manifest has a time stamp that its key did not sign.',
  file: 'The file is too long for this format.',
}

const count = (bytes: number) => (bytes === 1 ? '1 byte' : `${bytes.toLocaleString('en-US')} bytes`)

const spanOf = ({ start, end }: ByteSpan): string =>
  end > start
    ? `bytes ${start.toLocaleString('en-US')} to ${(end - 1).toLocaleString('en-US')}`
    : `byte ${start.toLocaleString('en-US')}`

const lengthOf = ({ start, end }: ByteSpan) => end - start

const timeOf = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

const recordedIn = ({ after, before }: TimeSpan): string => {
  if (after !== null && before !== null)
    return `recorded between ${timeOf(after)} and ${timeOf(before)}`
  if (before !== null) return `recorded before ${timeOf(before)}`
  if (after !== null) return `recorded after ${timeOf(after)}`
  return 'no stamp says when it was recorded'
}

const findingOf = ({ kind, recorded, found, time }: Finding): string[] => {
  const when = recordedIn(time)
  const more = lengthOf(found) - lengthOf(recorded)
  if (kind === 'moved')
    return [
      `Moved: ${spanOf(recorded)} of the recording are at ${spanOf(found)} of the file; ${when}.`,
    ]
  if (kind === 'added')
    return [
      `Added: ${count(more)} within ${spanOf(found)} of the file; what is around it was ${when}.`,
    ]
  if (kind === 'missing' && lengthOf(found) === 0)
    return [
      `Missing: ${spanOf(recorded)} of the recording, at ${spanOf(found)} of the file; ${when}.`,
    ]
  if (kind === 'missing')
    return [
      `Missing: ${count(-more)} of ${spanOf(recorded)} of the recording, which are ${spanOf(found)} of the file now; ${when}.`,
    ]
  return [`Changed: within ${spanOf(found)}; ${when}.`]
}

const stampsOf = (timeline: Timeline): string[] => {
  const { stamps, first, last, complete, unstamped, longestGap, clockWentBack } = timeline
  if (first === null || last === null)
    return ['  No stamp says when it was recorded: only that it was there when it was uploaded.']
  return [
    stamps === 1
      ? `  One stamp, of ${timeOf(first)}.`
      : `  ${stamps} stamps from ${timeOf(first)} to ${timeOf(last)}, at most ${Math.round(longestGap / 1000)} s apart.`,
    complete
      ? '  The last stamp is of the end of the recording.'
      : '  The end of the recording has no stamp: what came after may have been left out.',
    ...(unstamped > 0 ? [`  The last ${count(unstamped)} came after the last stamp.`] : []),
    ...(clockWentBack ? ['  The clock of the server was put back meanwhile.'] : []),
  ]
}

/** No more is said than the stamps say. */
const sameAs = ({ stamps, complete }: Timeline): string => {
  if (complete) return 'what was recorded'
  return stamps > 0
    ? 'what was uploaded, and what was recorded as far as its stamps go'
    : 'what was uploaded; whether it was recorded so nothing says'
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals obey them
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const shown = (text: string) => text.replace(CONTROL, '?')

const nameOf = ({ account, userID, meeting }: Witness): string =>
  shown(
    `user ${userID}${account ? ` of account ${account}` : ' (a guest)'}${meeting ? `, meeting ${meeting}` : ''}`,
  )

/** A verdict in plain words, a line each. */
export const wordsFor = (
  verdict: Verdict,
  { file, isKeyGiven }: { file: string; isKeyGiven: boolean },
): string[] => {
  if (verdict.verdict === 'unknown')
    return [
      'CANNOT SAY.',
      DOUBTS[verdict.doubt],
      ...(verdict.key ? [`  Key of the manifest: ${verdict.key}`] : []),
    ]
  const { manifest, timeline, findings, contradicted } = verdict
  const { upload } = manifest
  const recorders = new Set(manifest.stamps.map((stamp) => nameOf(stamp)))
  const head =
    verdict.verdict === 'unchanged'
      ? `UNCHANGED${isKeyGiven ? '' : ', if the key below is the server’s'}. ${file} is, byte for byte, ${sameAs(timeline)}.`
      : `CHANGED. ${file} is not what was recorded.`
  const before = contradicted.map(
    ({ found, time }) =>
      `Changed before it was uploaded: within ${spanOf(found)} of the uploaded file; ${recordedIn(time)}.`,
  )
  return [
    head,
    ...findings.flatMap(findingOf).map((line) => `  ${line}`),
    ...before.map((line) => `  ${line}`),
    '',
    `Recording ${manifest.recording}, ${count(manifest.file.bytes)}, “${shown(manifest.file.name)}”`,
    ...[...recorders].map((name) => `  Recorded by ${name}.`),
    ...stampsOf(timeline),
    ...(manifest.refused > 0
      ? [
          `  ${manifest.refused} stamps that its page sent were none of this server for this recording.`,
        ]
      : []),
    `  Uploaded ${timeOf(upload.time)} by ${nameOf(upload)}.`,
    `  Signed with key ${manifest.key}`,
    isKeyGiven
      ? '  which is the one you trust.'
      : '  Compare it with https://SERVER/api/v1/evidence/key, or give --key: anybody can make a manifest with a key of their own.',
  ]
}
