import type { Facade } from '../facade.ts'
import { NOT_BUILT_ANSWERS, type NotBuilt } from '../not-built.ts'
import { warn } from '../warn.ts'
import type { ClassicFunction, FunctionTable } from './function-table.ts'

function answer(facade: Facade, name: string, entry: NotBuilt): ClassicFunction {
  if ('warn' in entry) {
    return () => {
      warn(`CRVideo_${name} is not available`)
      return undefined
    }
  }
  return (...given) => {
    facade.emit(entry.slot, entry.args(given))
    return undefined
  }
}

/** The functions that answer with their documented failure. */
export function notBuiltFunctions(facade: Facade): FunctionTable {
  return Object.fromEntries(
    Object.entries(NOT_BUILT_ANSWERS).map(([name, entry]) => [name, answer(facade, name, entry)]),
  )
}
