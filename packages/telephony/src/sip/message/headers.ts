import { splitOutside } from '../grammar/text.ts'

/** Compact forms (RFC 3261 §7.3.3, RFC 4028 §4, RFC 3515). */
const COMPACT: Readonly<Record<string, string>> = {
  i: 'call-id',
  m: 'contact',
  e: 'content-encoding',
  l: 'content-length',
  c: 'content-type',
  f: 'from',
  s: 'subject',
  k: 'supported',
  t: 'to',
  v: 'via',
  x: 'session-expires',
  r: 'refer-to',
}

const WRITTEN: Readonly<Record<string, string>> = {
  'call-id': 'Call-ID',
  cseq: 'CSeq',
  'www-authenticate': 'WWW-Authenticate',
  'min-se': 'Min-SE',
  rack: 'RAck',
  rseq: 'RSeq',
}

const key = (name: string): string => {
  const lower = name.toLowerCase()
  return Object.hasOwn(COMPACT, lower) ? COMPACT[lower]! : lower
}

/** The header fields of a message in their order; names in any case or compact. */
export class Headers {
  #fields: (readonly [name: string, value: string])[] = []

  static of(fields: Readonly<Record<string, string | readonly string[]>>): Headers {
    const headers = new Headers()
    for (const [name, value] of Object.entries(fields))
      for (const one of typeof value === 'string' ? [value] : value) headers.add(name, one)
    return headers
  }

  get size(): number {
    return this.#fields.length
  }

  /** The first field of the name. */
  get(name: string): string | undefined {
    const wanted = key(name)
    return this.#fields.find(([n]) => n === wanted)?.[1]
  }

  /** All fields of the name, as they stand. */
  all(name: string): string[] {
    const wanted = key(name)
    return this.#fields.filter(([n]) => n === wanted).map(([, value]) => value)
  }

  /** All values of a header whose fields are lists with commas. */
  list(name: string): string[] {
    return this.all(name).flatMap((value) => splitOutside(value, ',').filter(Boolean))
  }

  /** Whether a list of tokens such as Supported names it. */
  names(name: string, token: string): boolean {
    return this.list(name).some((one) => one.toLowerCase() === token)
  }

  add(name: string, value: string): this {
    this.#fields.push([key(name), value])
    return this
  }

  /** Before all others of its name. */
  prepend(name: string, value: string): this {
    this.#fields.unshift([key(name), value])
    return this
  }

  set(name: string, value: string): this {
    const wanted = key(name)
    const at = this.#fields.findIndex(([n]) => n === wanted)
    if (at < 0) return this.add(name, value)
    this.#fields = this.#fields.filter(([n], i) => n !== wanted || i <= at)
    this.#fields[at] = [wanted, value]
    return this
  }

  delete(name: string): this {
    const wanted = key(name)
    this.#fields = this.#fields.filter(([n]) => n !== wanted)
    return this
  }

  clone(): Headers {
    const copy = new Headers()
    copy.#fields = [...this.#fields]
    return copy
  }

  /** As on the wire, each line with its end. */
  text(): string {
    let text = ''
    for (const [name, value] of this.#fields)
      text += `${WRITTEN[name] ?? name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase())}: ${value}\r\n`
    return text
  }
}
