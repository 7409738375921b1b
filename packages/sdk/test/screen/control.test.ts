import { beforeEach, describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import type { Send } from '../../src/link/link.ts'
import { createControl, type OwnControl } from '../../src/screen/control.ts'

describe('09 §7.2: the control right as the sharer’s page has it', () => {
  let log: string[]
  let sharing: boolean
  let replaying: boolean
  let control: OwnControl
  let refuse: boolean

  beforeEach(() => {
    log = []
    sharing = true
    replaying = false
    refuse = false
    const send = (async (method: string) => {
      log.push(method)
      if (refuse) throw new YuntangError('member.unknown')
      return {}
    }) as unknown as Send
    control = createControl({
      me: 'me',
      send,
      sharing: () => sharing,
      isMember: (userID) => userID !== 'stranger',
      replaying: () => replaying,
      given: ({ by, userID }) => log.push(`given ${by} ${userID}`),
      released: ({ by, userID }) => log.push(`released ${by} ${userID}`),
    })
  })
  /** As the server does it: the event comes before the answer. */
  const give = async (userID: string) => {
    const done = control.give(userID)
    control.toldGiven({ by: 'me', userID })
    await done
  }

  it('is given when the server confirms what was called here', async () => {
    const done = control.give('ben')
    expect(control.granted).toBe('')
    control.toldGiven({ by: 'me', userID: 'ben' })
    await done
    expect(control.granted).toBe('ben')
    expect(log).toEqual(['screen.give', 'given me ben'])
  })

  it.each([
    ['in my name', 'me'],
    ['in the holder’s name', 'eve'],
    ['in the name of somebody else', 'ben'],
  ])('a forged notice %s gives nothing, and the server is told to take it back', (_, by) => {
    control.toldGiven({ by, userID: 'eve' })
    expect(control.granted).toBe('')
    expect(log).toEqual(['screen.release'])
  })

  it('a forged notice does not pass the right on', async () => {
    await give('ben')
    control.toldGiven({ by: 'me', userID: 'eve' })
    expect(control.granted).toBe('ben')
    expect(log.at(-1)).toBe('screen.release')
  })

  it('a snapshot that names a holder whom I did not choose gives nothing', async () => {
    control.resync('eve')
    expect([control.granted, log.at(-1)]).toEqual(['', 'screen.release'])
    await give('ben')
    control.resync('eve')
    expect(control.granted).toBe('')
    expect(log.slice(-2)).toEqual(['released ben ben', 'screen.release'])
  })

  it('after a restart the server’s word for what was given here changes nothing', async () => {
    await give('ben')
    log.length = 0
    control.resync('ben')
    expect([control.granted, log]).toEqual(['ben', []])
  })

  it('a right that was taken back while the server was away does not come back with it', async () => {
    await give('ben')
    control.takeBack()
    control.resync('ben')
    expect([control.granted, log.at(-1)]).toEqual(['', 'screen.release'])
  })

  it('a right that the server does not know any more ends here, too', async () => {
    await give('ben')
    control.resync('')
    expect([control.granted, log.at(-1)]).toEqual(['', 'released ben ben'])
  })

  it('a confirmation that comes after I took it back counts no more', async () => {
    const done = control.give('ben')
    expect(control.takeBack()).toBe(true)
    control.toldGiven({ by: 'me', userID: 'ben' })
    await done
    expect(control.granted).toBe('')
    expect(log).not.toContain('given me ben')
  })

  it('taking back ends it before the server is asked, and once', async () => {
    await give('ben')
    log.length = 0
    expect(control.takeBack()).toBe(true)
    expect(control.granted).toBe('')
    expect(log).toEqual(['released me ben', 'screen.release'])
    control.toldReleased({ by: 'me', userID: 'ben' })
    expect(control.takeBack()).toBe(false)
    expect(log).toEqual(['released me ben', 'screen.release'])
  })

  it('another member gets it: the former holder loses it first', async () => {
    await give('ben')
    log.length = 0
    await give('cleo')
    expect(log).toEqual(['screen.give', 'released me ben', 'given me cleo'])
  })

  it('the holder gives it up, or leaves', async () => {
    await give('ben')
    control.toldReleased({ by: 'ben', userID: 'ben' })
    expect([control.granted, log.at(-1)]).toEqual(['', 'released ben ben'])
  })

  it('what the holder does in my page gives nothing', async () => {
    await give('ben')
    replaying = true
    await expect(control.give('eve')).rejects.toMatchObject({ code: 'permission.denied' })
    expect(log.filter((line) => line === 'screen.give')).toHaveLength(1)
  })

  it.each([
    ['without a share', 'ben', 'permission.denied'],
    ['to myself', 'me', 'param.invalid'],
    ['to a stranger', 'stranger', 'member.unknown'],
  ])('%s: refused here', async (what, userID, code) => {
    if (what === 'without a share') sharing = false
    await expect(control.give(userID)).rejects.toMatchObject({ code })
    expect(log).toEqual([])
  })

  it('a refusal of the server leaves no wish behind', async () => {
    refuse = true
    await expect(control.give('ben')).rejects.toMatchObject({ code: 'member.unknown' })
    control.toldGiven({ by: 'me', userID: 'ben' })
    expect(control.granted).toBe('')
  })

  it('the end of my share ends it', async () => {
    await give('ben')
    control.drop()
    expect([control.granted, log.at(-1)]).toEqual(['', 'released me ben'])
  })
})
