import { FUNCTION_ALIASES, SLOT_ALIASES } from './aliases.ts'
import { CbProxy } from './cb-proxy.ts'
import { type ContainerClasses, containerClasses } from './container/container-classes.ts'
import { ENUMS } from './enums.ts'
import { ERROR_CONSTANTS } from './error-constants.ts'
import { Facade, type FacadePorts } from './facade.ts'
import { allFunctions } from './functions/all-functions.ts'
import { createNamespace } from './namespace.ts'
import { SLOTS, type SlotName } from './slot-names.ts'

const INSTALLED = Symbol.for('yuntang.crvideo')
const PREFIX = 'CRVideo_'

function createSlots(): Record<SlotName, CbProxy> {
  const entries = Object.keys(SLOTS).map((name) => [name, new CbProxy(PREFIX + name)] as const)
  return Object.fromEntries(entries) as Record<SlotName, CbProxy>
}

function constants(): Record<string, unknown> {
  const out: Record<string, unknown> = {
    [`${PREFIX}Version_OCX`]: '303000',
    [`${PREFIX}Is_ActiveXObject`]: false,
  }
  for (const [name, value] of Object.entries(ERROR_CONSTANTS)) {
    out[PREFIX + name] = value
    out[`CRVIDEOSDK_${name}`] = value
  }
  for (const [name, value] of Object.entries(ENUMS)) out[PREFIX + name] = { ...value }
  out[`${PREFIX}HTTP_TRANSFER_STATE`] = out[`${PREFIX}HTTP_TRANSFER_STAT`]
  return out
}

/** Every global but `CRVideo`, aliases included (spec 00 §2, §12). */
function classicGlobals(
  facade: Facade,
  classes: ContainerClasses,
  slots: Record<SlotName, CbProxy>,
) {
  const out = constants()
  for (const [name, run] of Object.entries(allFunctions(facade, classes))) {
    for (const spelling of [name, ...(FUNCTION_ALIASES[name] ?? [])]) out[PREFIX + spelling] = run
  }
  for (const [name, slot] of Object.entries(slots)) {
    out[PREFIX + name] = slot
    const alias = SLOT_ALIASES[name as SlotName]
    if (alias) out[PREFIX + alias] = slot
  }
  return out
}

/** Puts the classic API on the global object as writable properties; a second time changes nothing. */
export function install(target: object, ports: FacadePorts, userAgent: string): void {
  if (Object.hasOwn(target, INSTALLED)) return
  Object.defineProperty(target, INSTALLED, { value: true })
  const slots = createSlots()
  const facade = new Facade(slots, ports)
  const classes = containerClasses(facade.containers)
  Object.assign(target, classicGlobals(facade, classes, slots), {
    CRVideo: createNamespace(facade, classes, ports.files, userAgent),
  })
}
