import { type BoardAction, LIMITS } from '@yuntang/protocol'
import { YuntangError } from '../errors.ts'
import type { Send } from '../link/link.ts'

/** Between two requests; what is done meanwhile goes together. */
const SPACING_MS = 33
const RETRY_MS = 500
const MOST_ACTIONS = 100
/** A page in parts is sent so often, because a server that was restarted lacks those before. */
const MOST_BEGINNINGS = 3

/** One action of this page on its way. */
export interface Outgoing {
  /** A page too large for one frame has several parts. */
  parts: BoardAction[]
  bytes: number
  /** Facts on the server when it was taken; null while nobody knows. */
  answered: number | null
  /** How often its first part was put into a request. */
  begun: number
}

interface Piece {
  readonly of: Outgoing
  readonly action: BoardAction
  /** Among the parts. */
  readonly index: number
  readonly isLast: boolean
  readonly bytes: number
  /** Goes in a request of its own, because one of its request was not readable. */
  alone: boolean
}

interface Request {
  readonly first: number
  readonly pieces: readonly Piece[]
}

export interface SenderPorts {
  readonly send: Send
  /** Milliseconds of any clock. */
  now(): number
  after(ms: number, run: () => void): () => void
  answered(): void
  refused(of: Outgoing): void
}

/** Sends actions in order, one request at a time; repeats what got no answer. */
export const createSender = ({ send, now, after, answered, refused }: SenderPorts) => {
  const waiting: Outgoing[] = []
  let pieces: Piece[] = []
  let current: Request | null = null
  let next = 1
  let earliest = 0
  let cancel: (() => void) | null = null
  let closed = false

  const piecesOf = (of: Outgoing): Piece[] => {
    const { parts, bytes } = of
    of.begun += 1
    return parts.map((action, index) => ({
      of,
      action,
      index,
      isLast: index === parts.length - 1,
      bytes: bytes / parts.length,
      alone: false,
    }))
  }

  const takePieces = (): Piece[] => {
    for (let of = waiting[0]; of && pieces.length < MOST_ACTIONS; of = waiting[0]) {
      waiting.shift()
      pieces.push(...piecesOf(of))
    }
    let count = 0
    for (let sum = 0; count < Math.min(pieces.length, MOST_ACTIONS); count++) {
      const piece = pieces[count] as Piece
      if (count > 0 && (piece.alone || sum + piece.bytes > LIMITS.boardPartBytes)) break
      sum += piece.bytes
      // What comes after a page in parts waits until that has arrived: it may have to go again.
      if (piece.alone || (piece.isLast && piece.index > 0)) return pieces.splice(0, count + 1)
    }
    return pieces.splice(0, count)
  }

  const kick = () => {
    if (current || cancel || closed || waiting.length + pieces.length === 0) return
    cancel = after(Math.max(0, earliest - now()), () => {
      cancel = null
      const taken = takePieces()
      current = { first: next, pieces: taken }
      next += taken.length
      post(current)
    })
  }

  const finish = (request: Request, n: number, bad: ReadonlySet<number>) => {
    current = null
    /** By the first part of each that was refused. */
    const failures = new Map<Outgoing, number>()
    for (const [i, { of, index, isLast }] of request.pieces.entries())
      if (bad.has(i)) failures.set(of, failures.get(of) ?? index)
      else if (isLast && !failures.has(of)) of.answered = n
    for (const [of, index] of failures) {
      pieces = pieces.filter((piece) => piece.of !== of)
      if (index > 0 && of.begun < MOST_BEGINNINGS) pieces.unshift(...piecesOf(of))
      else refused(of)
    }
    answered()
    kick()
  }

  const failed = (request: Request, error: unknown) => {
    const code = error instanceof YuntangError ? error.code : 'internal'
    if (code === 'request.timeout' || code === 'rate.exceeded') {
      cancel = after(RETRY_MS, () => {
        cancel = null
        post(request)
      })
    } else if (request.pieces.length > 1) {
      current = null
      for (const piece of request.pieces) piece.alone = true
      pieces = [...request.pieces, ...pieces]
      kick()
    } else finish(request, 0, new Set([0]))
  }

  const post = (request: Request) => {
    earliest = now() + SPACING_MS
    const actions = request.pieces.map(({ action }) => action)
    send('board.edit', { first: request.first, actions }).then(
      ({ n, refused: bad }) => {
        if (!closed) finish(request, n, new Set(bad))
      },
      (error: unknown) => {
        if (!closed) failed(request, error)
      },
    )
  }

  return {
    /** Not sent yet, oldest first; their parts may still be replaced. */
    waiting: waiting as readonly Outgoing[],
    push(of: Outgoing) {
      waiting.push(of)
      kick()
    },
    close() {
      closed = true
      cancel?.()
      cancel = null
    },
  }
}
