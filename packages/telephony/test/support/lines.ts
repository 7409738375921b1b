import type { Line, LineTarget, PhoneMedia } from '../../src/index.ts'

/** Lines that carry no sound and write down what signalling asks of them. */
export interface NotedLine extends Line {
  readonly targets: LineTarget[]
  held: boolean
  closed: boolean
  /** The other side pressed a key. */
  pressed(digit: string): void
  hush(): void
  press(digits: string): void
}

export interface NotedMedia extends PhoneMedia {
  readonly lines: NotedLine[]
  /** No port is free. */
  full: boolean
}

export const notedMedia = (): NotedMedia => {
  const lines: NotedLine[] = []
  return {
    lines,
    full: false,
    async open() {
      if (this.full) throw new Error('no port is free')
      let listener = (_: string) => {}
      const line: NotedLine = {
        port: 40_000 + 2 * lines.length,
        targets: [],
        held: false,
        closed: false,
        connect: (to) => line.targets.push(to),
        hold: (on) => {
          line.held = on
        },
        on: (_, l) => {
          listener = l
          return () => {}
        },
        heard: () => () => {},
        say: () => {},
        hush: () => {},
        close: () => {
          line.closed = true
        },
        pressed: (digit) => listener(digit),
        press: () => {},
      }
      lines.push(line)
      return line
    },
    close() {},
  }
}
