import Type, { type Static } from 'typebox'
import { domain, event, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { bool, int, keptText, list, nothing, obj, opt, orNull, text, UserID } from '../schema.ts'

/**
 * Made by the page, without the `;` that separates IDs in lists (spec 12 §1.1), and without half
 * characters, which a database would make equal.
 */
const BoardName = () =>
  Type.String({
    minLength: 1,
    maxLength: LIMITS.boardIDChars,
    pattern: '^[^\\u0000;\\uD800-\\uDFFF]+$',
  })
const PageNo = () => int(0, LIMITS.boardPages - 1)
const Count = () => int(0, Number.MAX_SAFE_INTEGER)
const Coordinate = () => Type.Number({ minimum: -1e9, maximum: 1e9 })
const ImageID = () => keptText(LIMITS.fileIDChars)
const PARTS = 100_000

const boardFields = {
  boardID: BoardName(),
  title: keptText(LIMITS.boardTitleChars),
  width: int(LIMITS.boardMinSize, LIMITS.boardMaxSize),
  height: int(LIMITS.boardMinSize, LIMITS.boardMaxSize),
  pageCount: int(1, LIMITS.boardPages),
}

/** A board as everybody sees it (spec 12 §1). */
export const Board = obj({
  ...boardFields,
  /** Who made it. */
  userID: UserID(),
})
export type Board = Static<typeof Board>

const elementFields = {
  elementID: BoardName(),
  type: Type.Number(),
  left: Coordinate(),
  top: Coordinate(),
}

/** An element as a page sends it; whatever else it holds is passed through (spec 12 §1). */
export const BoardDraft = Type.Object(
  { ...elementFields, orderID: opt(Coordinate()) },
  { additionalProperties: true },
)
export type BoardDraft = Static<typeof BoardDraft> & Record<string, unknown>

/** An element with its place in the stacking order. */
export type BoardElement = BoardDraft & { orderID: number }
export const BoardElement = Type.Unsafe<BoardElement>(
  Type.Object({ ...elementFields, orderID: Coordinate() }, { additionalProperties: true }),
)

const place = { boardID: BoardName(), page: PageNo() }

/**
 * What a member does to boards. A `page` too large for one frame comes in parts, `more` but the last;
 * `from`: elements in the parts before. A part is refused when the server has not got those.
 */
export const BoardAction = Type.Union([
  obj({ do: Type.Literal('create'), board: obj(boardFields) }),
  obj({ do: Type.Literal('close'), boardID: BoardName() }),
  obj({
    do: Type.Literal('page'),
    ...place,
    img: ImageID(),
    elements: list(BoardDraft, LIMITS.boardElements),
    from: int(0, LIMITS.boardElements),
    more: bool(),
  }),
  obj({ do: Type.Literal('add'), ...place, element: BoardDraft }),
  obj({ do: Type.Literal('modify'), ...place, element: BoardDraft }),
  obj({ do: Type.Literal('delete'), ...place, ids: list(BoardName(), LIMITS.boardElements) }),
])
export type BoardAction = Static<typeof BoardAction>

const By = { by: UserID() }

/** What happened to boards, in the order that holds for everybody. */
export const BoardFact = Type.Union([
  obj({ do: Type.Literal('create'), board: Board, ...By }),
  obj({ do: Type.Literal('close'), boardID: BoardName(), ...By }),
  obj({
    do: Type.Literal('page'),
    ...place,
    img: ImageID(),
    elements: list(BoardElement, LIMITS.boardElements),
    more: bool(),
    ...By,
  }),
  obj({ do: Type.Literal('add'), ...place, element: BoardElement, ...By }),
  obj({ do: Type.Literal('modify'), ...place, element: BoardElement, ...By }),
  obj({
    do: Type.Literal('delete'),
    ...place,
    ids: list(BoardName(), LIMITS.boardElements),
    ...By,
  }),
])
export type BoardFact = Static<typeof BoardFact>

/** A page, or a part of it: elements are added to those of earlier parts. */
export const BoardPart = obj({
  ...place,
  /** Null: nobody has given the page its content yet, only single elements. */
  img: orNull(ImageID()),
  elements: list(BoardElement, LIMITS.boardElements),
})
export type BoardPart = Static<typeof BoardPart>

/** What an entrant knows of boards before it reads them. */
export const BoardSummary = obj({
  /** Handed out once per entry and never again in this meeting, for making IDs (spec 12 §1.1). */
  seat: Count(),
  /** Facts so far. */
  n: Count(),
  boards: Count(),
})
export type BoardSummary = Static<typeof BoardSummary>

const Spot = obj({ boardID: BoardName(), page: PageNo(), x: Coordinate(), y: Coordinate() })

/** Whiteboards (spec 12). All members, the one who acts included, hear of facts in one order. */
export const board = domain('board', {
  requests: {
    /**
     * `first` is the number of the first action; each further one is one more. Actions that were
     * taken already are not taken again. Answers how many facts there are now and which of these
     * actions (index) were refused.
     */
    edit: request({
      in: obj({ first: int(1, Number.MAX_SAFE_INTEGER), actions: list(BoardAction, 100) }),
      out: obj({ n: Count(), refused: list(Count(), 100) }),
      allow: 'member',
    }),
    /**
     * All boards as they were after `n` facts, in parts. `cut` null begins; `cut` and `from` of the
     * part before go on. A cut that the server no longer has begins anew: `from` of the answer is 0.
     */
    read: request({
      in: obj({ cut: orNull(Count()), from: Count() }),
      out: obj({
        n: Count(),
        from: Count(),
        boards: list(Board, LIMITS.boards),
        pages: list(BoardPart, PARTS),
        /** Null: this was the last part. */
        next: orNull(Count()),
      }),
      allow: 'member',
      pace: 'fast',
    }),
    /** Points at a place; the newest wins, 20 a second are told. */
    point: request({ in: Spot, out: nothing(), allow: 'member', pace: 'fast' }),
  },
  events: {
    /** `n`: facts up to and including these. */
    changed: replacedEvent(obj({ n: Count(), facts: list(BoardFact, PARTS) })),
    /** May be lost. */
    spots: event(
      obj({
        spots: list(obj({ ...Spot.properties, by: text(LIMITS.userIDChars) }), 10_000),
      }),
    ),
  },
})
