const ADDRESS = /^(?:sips?|tel):\S+$/i
const NUMBER = /^[\d+*#-]{3,32}$/

/** What counts as a telephone when there is no such user (spec 03 §6.1). */
export const isCallable = (called: string): boolean => ADDRESS.test(called) || NUMBER.test(called)

/** The user ID of who calls from there; null when the number is withheld or none. */
export const callerID = (number: string): string | null =>
  /^\+?\d{3,32}$/.test(number) ? number : null
