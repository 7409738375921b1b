/**
 * An answer that is made at the moment it is numbered. A snapshot answered so lies between two events
 * of its page: what came before is in it, what comes after follows it (spec 07 §1.6).
 */
export class Late<T = unknown> {
  constructor(
    /** Throws when there is nothing to answer any more. */
    readonly value: () => T,
    /** Runs when the answer is on its way: what it tells the page comes after the answer. */
    readonly after: () => void = () => {},
  ) {}
}
