import Type, { type TProperties, type TSchema } from 'typebox'
import { LIMITS } from './limits.ts'

/** The one file that knows the schema style: JSON Schema by TypeBox, closed objects, bounded text. */
export const obj = <P extends TProperties>(props: P) =>
  Type.Object(props, { additionalProperties: false })
export const list = <T extends TSchema>(items: T, maxItems: number) =>
  Type.Array(items, { maxItems })
export const text = (maxLength: number, minLength = 0) => Type.String({ maxLength, minLength })
/** Text that a database keeps: it takes no NUL. */
export const keptText = (maxLength: number, minLength = 0) =>
  Type.String({ maxLength, minLength, pattern: '^[^\\u0000]*$' })
/** Text that is signed, or names something: no NUL either, and no half characters (RFC 8785 §3.2.2.2). */
export const wholeText = (maxLength: number, minLength = 0) =>
  Type.String({ maxLength, minLength, pattern: '^[^\\u0000\\uD800-\\uDFFF]*$' })
export const int = (minimum: number, maximum: number) => Type.Integer({ minimum, maximum })
export const bool = () => Type.Boolean()
export const opt = <T extends TSchema>(schema: T) => Type.Optional(schema)
export const orNull = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()])
export const oneOf = <const L extends readonly (string | number)[]>(...values: L) =>
  Type.Unsafe<L[number]>({ enum: [...values] })
export const nothing = () => obj({})

/** 1–128 characters, no control characters, line breaks or half characters (spec 00 §1). */
export const UserID = () =>
  Type.String({
    minLength: 1,
    maxLength: LIMITS.userIDChars,
    pattern: '^[^\\u0000-\\u001f\\u007f\\u2028\\u2029\\uD800-\\uDFFF]+$',
  })
export const NickName = () => keptText(LIMITS.nickNameChars)
/** 8 decimal digits (spec 00 §7). Any positive integer is well-formed; unknown ones do not exist. */
export const MeetingID = () => int(1, Number.MAX_SAFE_INTEGER)
export const VideoID = () => int(1, 65_535)
/** A session description; 300 m-lines stay below. */
export const Sdp = () => text(256 * 1024, 1)
