/** A global function of the classic API: any arguments, no promise, no exception. */
export type ClassicFunction = (...args: unknown[]) => unknown

/** Functions by their names without prefix. */
export type FunctionTable = Readonly<Record<string, ClassicFunction>>
