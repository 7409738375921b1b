/** Bytes of start line and header fields. */
export const MAX_HEAD = 16_384
/** Bytes of a body. */
export const MAX_BODY = 32_768
/** Header fields of a message. */
export const MAX_FIELDS = 128
