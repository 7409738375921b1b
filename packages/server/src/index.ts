export { type App, type AppDeps, createApp } from './app.ts'
export type { Authenticator } from './domains/session/handlers.ts'
