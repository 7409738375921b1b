import type { Meeting, OwnDevice } from '../../api.ts'
import { text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'

/** Starts a meeting action that has no result callback; its failure is one console line. */
export function attempt(what: string, run: () => Promise<unknown> | undefined): void {
  run()?.catch((error: unknown) => warn(`${what} failed`, error))
}

/** Runs an action of the meeting, or warns that there is none (spec 07 §1.3). */
export function inMeeting(facade: Facade, what: string, run: (meeting: Meeting) => void): void {
  const { meeting } = facade
  if (meeting) run(meeting)
  else warn(`${what} ignored: not in a meeting`)
}

const own = (meeting: Meeting, kind: 'mic' | 'camera'): OwnDevice =>
  kind === 'mic' ? meeting.mic : meeting.camera

/** Opens my device, or asks another member to open it (spec 08 §2.1). */
export function openDevice(facade: Facade, kind: 'mic' | 'camera', userID: unknown): void {
  inMeeting(facade, `opening a ${kind}`, (meeting) => {
    const user = text(userID)
    attempt(`opening a ${kind}`, () =>
      user === meeting.me ? own(meeting, kind).open() : meeting.askOpen(user, kind),
    )
  })
}

/** Closes my device at once, or another member's through the server. */
export function closeDevice(facade: Facade, kind: 'mic' | 'camera', userID: unknown): void {
  inMeeting(facade, `closing a ${kind}`, (meeting) => {
    const user = text(userID)
    if (user === meeting.me) own(meeting, kind).close()
    else attempt(`closing a ${kind}`, () => meeting.close(user, kind))
  })
}
