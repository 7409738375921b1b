export { createTelephone } from './agent/create.ts'
export type { Clock } from './clock.ts'
export type * from './line.ts'
export type * from './telephone.ts'
