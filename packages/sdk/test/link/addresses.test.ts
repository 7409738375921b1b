import { describe, expect, it } from 'vitest'
import { socketUrls } from '../../src/link/addresses.ts'

const secure = { protocol: 'https:', hostname: 'meet.example', port: '8443' }
const plain = { protocol: 'http:', hostname: 'meet.example', port: '' }

describe('02 §2 SetServerAddr', () => {
  it('several separated by ; ； comma or line break, a trailing separator is fine', () => {
    expect(socketUrls('a:1;b:2；c:3,d:4\ne:5;', plain, null)).toEqual([
      'ws://a:1/ws',
      'ws://b:2/ws',
      'ws://c:3/ws',
      'ws://d:4/ws',
      'ws://e:5/ws',
    ])
  })
  it('with a scheme (http, https, ws, wss), otherwise secure when the page is secure', () => {
    expect(socketUrls(['http://a', 'https://b', 'ws://c:9', 'wss://d', 'e'], secure, null)).toEqual(
      ['ws://a/ws', 'wss://b/ws', 'ws://c:9/ws', 'wss://d/ws', 'wss://e/ws'],
    )
  })
  it('port: the address, else the page’s when the host equals the page’s host', () => {
    expect(socketUrls('meet.example;other.example;meet.example:80', secure, null)).toEqual([
      'wss://meet.example:8443/ws',
      'wss://other.example/ws',
      'wss://meet.example:80/ws',
    ])
  })
  it('empty: the page’s own origin; a page without an http origin gets none', () => {
    expect(socketUrls('', secure, null)).toEqual(['wss://meet.example:8443/ws'])
    expect(socketUrls(' ; ', { protocol: 'file:', hostname: '', port: '' }, null)).toEqual([])
  })
  it('the address that last worked is tried first; what is no address is left out', () => {
    expect(socketUrls('a;ftp://x;b;:;b', plain, 'ws://b/ws')).toEqual(['ws://b/ws', 'ws://a/ws'])
  })
})
