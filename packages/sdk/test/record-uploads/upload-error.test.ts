import { ERRORS, type ErrorCode } from '@yuntang/protocol'
import { describe, expect, it } from 'vitest'
import { YuntangError } from '../../src/errors.ts'
import { Failure } from '../../src/http-files/run.ts'
import { uploadError } from '../../src/record-uploads/upload-error.ts'

describe('10 §3: the codes of a failed upload', () => {
  it.each<[ErrorCode, number]>([
    ['recording.unknown', 1201],
    ['files.unreadable', 1201],
    ['recording.busy', 1200],
    ['login.required', 9],
    ['connection.none', 201],
    ['request.timeout', 202],
    ['rate.exceeded', 202],
    ['connection.timeout', 205],
    ['session.closed', 206],
    ['session.replaced', 206],
    ['connection.lost', 207],
    ['connection.failed', 207],
    ['connection.socket', 207],
    ['record.owner', 1000],
    ['record.full', 1000],
    ['disk.full', 1000],
    ['file.changed', 1000],
    ['file.owner', 1000],
    ['param.invalid', 1000],
    ['internal', 1000],
    ['recording.key', 1000],
  ])('%s is %i', (code, sdk) => expect(uploadError(new YuntangError(code)).sdk).toBe(sdk))

  it('nothing else is ever told', () => {
    const known = [9, 201, 202, 205, 206, 207, 1000, 1200, 1201]
    for (const code of Object.keys(ERRORS) as ErrorCode[])
      expect(known, code).toContain(uploadError(new YuntangError(code)).sdk)
    expect(uploadError(new TypeError('x')).sdk).toBe(1000)
  })

  it.each([
    [1404, 1000],
    [1, 1000],
    [3, 207],
    [4, 202],
    [5, 1201],
  ])('06 §7 type 1: the HTTP result %i is %i', (result, sdk) =>
    expect(uploadError(new Failure(result)).sdk).toBe(sdk),
  )
})
