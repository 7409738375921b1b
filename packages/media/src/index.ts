export { createCoreEngine } from './core-engine.ts'
export * from './engine.ts'
export { createProcessEngine, type ProcessEngineOptions } from './process-engine.ts'
