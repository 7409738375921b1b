import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findProgram } from '../../packages/telephony/test/support/program.ts'
import { tone } from '../../packages/telephony/test/support/tone.ts'
import { wavOf } from './media-files.ts'
import { freeTcpPort, freeUdpPort } from './server.ts'

/** Path of a real SIP telephone, or null with the reason said on the console. */
export const BARESIP = findProgram('baresip', 'baresip-core')

const RATE = 8_000
/** Bytes before the samples of a WAV file. */
const HEAD = 44

export interface Baresip {
  /** A command of its menu: `dial sip:…`, `sndcode 12#`, `hangup`, `accept`. */
  command(name: string, params?: string): void
  /** What it has heard of its call so far, in 8 kHz. */
  heard(): Int16Array
  /** Names of its events so far, such as CALL_ESTABLISHED and CALL_CLOSED. */
  events(): string[]
  output(): string
  stop(): Promise<void>
}

export interface BaresipOptions {
  /** Its number. */
  readonly user: string
  /** SIP over UDP. */
  readonly port: number
  /** Takes calls by itself. */
  readonly answers: boolean
  /** Hz of what it says. */
  readonly says: number
}

const controlled = async (port: number) => {
  for (let i = 0; i < 100; i++) {
    const socket = connect(port, '127.0.0.1')
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    if (isOpen) return socket
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error('baresip did not start')
}

/** Starts a telephone that says a tone and records what it hears. */
export const startBaresip = async (options: BaresipOptions): Promise<Baresip> => {
  const { user, port, answers, says } = options
  const dir = mkdtempSync(path.join(tmpdir(), 'yuntang-baresip-'))
  const [control, sound] = [await freeTcpPort(), await freeUdpPort(4)]
  writeFileSync(path.join(dir, 'tone.wav'), wavOf(tone(says, RATE * 40, RATE), RATE))
  writeFileSync(
    path.join(dir, 'config'),
    `module_path /usr/lib/baresip/modules
net_interface 127.0.0.1
sip_listen 127.0.0.1:${port}
rtp_ports ${sound}-${sound + 3}
ctrl_tcp_listen 127.0.0.1:${control}
audio_player aubridge,out
audio_source aufile,${dir}/tone.wav
snd_path ${dir}
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module_app account.so
module_app menu.so
module_app ctrl_tcp.so
`,
  )
  const mode = answers ? 'auto' : 'manual'
  writeFileSync(
    path.join(dir, 'accounts'),
    `<sip:${user}@127.0.0.1:${port}>;regint=0;answermode=${mode};audio_codecs=pcma\n`,
  )
  writeFileSync(path.join(dir, 'contacts'), '')
  const child = spawn(BARESIP!, ['-f', dir, '-v'], { stdio: ['ignore', 'pipe', 'pipe'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let output = ''
  let told = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (data) => {
      output += data
    })
  const socket = await controlled(control)
  socket.on('data', (data) => {
    told += data
  })
  socket.on('error', () => {})
  return {
    command(name, params = '') {
      const text = JSON.stringify({ command: name, params, token: 'story' })
      socket.write(`${text.length}:${text},`)
    },
    heard() {
      const file = readdirSync(dir)
        .filter((name) => name.endsWith('-dec.wav'))
        .sort()
        .at(-1)
      if (!file) return new Int16Array()
      const bytes = readFileSync(path.join(dir, file)).subarray(HEAD)
      return Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2))
    },
    events: () => [...told.matchAll(/"type":"(\w+)"/g)].map(([, type]) => type as string),
    output: () => output,
    async stop() {
      socket.destroy()
      child.kill('SIGTERM')
      await exited
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
