import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf } from '../src/chat/links.ts'

const hrefs = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? [])

describe('links in messages', () => {
  it.each([
    ['see https://a.example/x?y=1#z.', ['https://a.example/x?y=1#z']],
    ['(https://a.example/wiki/A_(b))', ['https://a.example/wiki/A_(b)']],
    ['看 http://a.example/路。好', ['http://a.example/%E8%B7%AF']],
    ['HTTPS://A.example, https://b.example!', ['https://a.example/', 'https://b.example/']],
  ])('%s', (text, links) => expect(hrefs(text)).toEqual(links))

  it.each([
    'javascript:alert(1)',
    'data:text/html,<b>x</b>',
    'ftp://a.example',
    'https://',
    'https://bank.example@evil.example/',
    '<a href="javascript:alert(1)">x</a>',
  ])('no link: %s', (text) => expect(piecesOf(text)).toEqual([{ text }]))

  it('the pieces joined are the message, and every link is a web address', () => {
    const words = fc.constantFrom('https://', 'http://a.b', ' ', ')', '(', '.', '@', '。', 'x')
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, (message) => {
        const pieces = piecesOf(message)
        expect(pieces.map((piece) => piece.text).join('')).toBe(message)
        for (const { href } of pieces) if (href) expect(href).toMatch(/^https?:\/\//)
      }),
    )
  })
})
