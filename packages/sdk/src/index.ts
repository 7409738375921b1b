export type { ErrorCode } from '@yuntang/protocol'
export type * from './api.ts'
export { createClient } from './client/client.ts'
export { YuntangError } from './errors.ts'
