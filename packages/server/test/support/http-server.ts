import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createHttpServer, type HttpServerOptions } from '../../src/http/server.ts'

const WEB_FILES = {
  'index.html': '<!doctype html><title>Yuntang</title>',
  'favicon.svg': '<svg/>',
  'assets/index-BxYk3d_9.js': 'export {}',
}
const SDK_FILES = {
  'CloudroomVideoSDK.js': 'window.CRVideo = {}',
  'CloudroomVideoSDK.js.map': '{}',
  'index.js': 'export const x = 1',
  'index.js.map': '{}',
}

const write = (folder: string, files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, name)
    mkdirSync(path.dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
}

/** An HTTP server over small built folders in `dir`, on a free port of 127.0.0.1. */
export const createTestHttpServer = (
  dir: string,
  over: Partial<HttpServerOptions['config']> = {},
  ready: () => boolean = () => true,
) => {
  const webDir = path.join(dir, 'web')
  const sdkDir = path.join(dir, 'sdk')
  write(webDir, WEB_FILES)
  write(sdkDir, SDK_FILES)
  return createHttpServer({
    config: {
      host: '127.0.0.1',
      port: 0,
      https: false,
      dataDir: dir,
      allowedOrigins: null,
      trustedProxies: [],
      publicIps: [],
      ...over,
    },
    log: silentLog,
    clock: systemClock,
    webDir,
    sdkDir,
    ready,
  })
}
