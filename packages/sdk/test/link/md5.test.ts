import { expect, it } from 'vitest'
import { md5, passwordDigest } from '../../src/md5.ts'

it.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
])('RFC 1321 §A.5: MD5 ("%s")', (text, digest) => {
  expect(md5(text)).toBe(digest)
})

it('02 §3: anything that is not 32 hex digits is hashed, an MD5 is taken as it is', () => {
  expect(passwordDigest('abc')).toBe('900150983cd24fb0d6963f7d28e17f72')
  expect(passwordDigest('900150983CD24FB0D6963F7D28E17F72')).toBe(
    '900150983cd24fb0d6963f7d28e17f72',
  )
})
