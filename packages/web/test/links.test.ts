import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { piecesOf } from '../src/chat/links.ts'

const hrefs = (text: string) => piecesOf(text).flatMap(({ href }) => href ?? [])
const shown = (text: string) => piecesOf(text).flatMap((piece) => (piece.href ? piece.text : []))

describe('links in messages', () => {
  it.each([
    ['see https://a.example/x?y=1#z.', ['https://a.example/x?y=1#z']],
    ['(https://a.example/wiki/A_(b))', ['https://a.example/wiki/A_(b)']],
    ['HTTPS://A.example, https://b.example!', ['https://a.example/', 'https://b.example/']],
    ['http://localhost:8080/m/x, http://[::1]:80/', ['http://localhost:8080/m/x', 'http://[::1]/']],
    ['"www.a.example" and www.b.example/c.', ['https://www.a.example/', 'https://www.b.example/c']],
    ['write to ann.li+x@mail.example.com.', ['mailto:ann.li+x@mail.example.com']],
  ])('%s', (text, links) => expect(hrefs(text)).toEqual(links))

  it.each([
    ['看 http://a.example/路。好', ['http://a.example/']],
    ['请看https://a.example/x?y=1吧', ['https://a.example/x?y=1']],
    ['（https://a.example/x），谢谢', ['https://a.example/x']],
    ['“https://a.example/x”。', ['https://a.example/x']],
    ['《https://a.example/x》！', ['https://a.example/x']],
    ['https://a.example/x——好', ['https://a.example/x']],
    ['https://a.example/x…', ['https://a.example/x']],
    ['https://a.example/%E4%BA%91？', ['https://a.example/%E4%BA%91']],
    ['http://云堂.example好', ['http://云堂.example']],
    ['邮箱：ann@mail.example.cn。', ['ann@mail.example.cn']],
    ['网址是www.a.example，谢谢', ['www.a.example']],
  ])('a Chinese sentence goes on behind it: %s', (text, links) =>
    expect(shown(text)).toEqual(links),
  )

  it.each([
    'javascript:alert(1)',
    'JAVASCRIPT://a.example/%0aalert(1)',
    'data:text/html,<b>x</b>',
    'ftp://a.example',
    'https://',
    'https://bank.example@evil.example/',
    '<a href="javascript:alert(1)">x</a>',
    'a@b',
    'www.',
    'version 1.2.3 of a.b',
  ])('no link: %s', (text) => expect(piecesOf(text)).toEqual([{ text }]))

  it('the pieces joined are the message, and every link is a web or mail address', () => {
    const words = fc.constantFrom(
      ...['https://', 'http://a.b', 'www.', 'a@', 'b.cc', ' ', ')', '(', '.', '@', '。', 'x'],
      ...['javascript:', 'mailto:', '?subject=', '云'],
    )
    const text = fc.oneof(
      fc.string(),
      fc.array(words).map((list) => list.join('')),
    )
    fc.assert(
      fc.property(text, (message) => {
        const pieces = piecesOf(message)
        expect(pieces.map((piece) => piece.text).join('')).toBe(message)
        for (const { href } of pieces)
          if (href) expect(href).toMatch(/^(https?:\/\/|mailto:[\w.+-]+@[\w.-]+$)/i)
      }),
    )
  })

  it('the longest message is cut in no time, whatever it is made of', () => {
    for (const part of ['a', 'a.', 'a@', 'www.', 'https://', 'https://a.', '(', ').', 'a@a.'])
      expect(piecesOf(part.repeat(32_768 / part.length)).length).toBeGreaterThan(0)
  }, 5_000)
})
