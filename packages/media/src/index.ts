export { createCoreEngine, createCountedEngine } from './core-engine.ts'
export * from './engine.ts'
export { createProcessEngine, type ProcessEngineOptions } from './process-engine.ts'
export type { EngineFigures } from './transport/counted.ts'
