/**
 * The server cannot start, for a reason that the operator can mend. The message is one plain
 * sentence (or two) made for a person; it is printed as it is, without a stack.
 */
export class StartError extends Error {
  override readonly name = 'StartError'
}
