import type { MediaEngine } from '@yuntang/media'
import { createPhoneSound, createTelephone } from '@yuntang/telephony'
import { type PhoneConfig, rewriteNumber } from '../../config-phone.ts'
import type { Clock } from '../../core/clock.ts'
import type { Ids } from '../../core/ids.ts'
import type { Log } from '../../core/log.ts'
import { StartError } from '../../core/start-error.ts'
import type { PhonePorts } from './phones.ts'
import { loadPrompts } from './prompts.ts'

export interface OpenPhoneDeps {
  readonly engine: MediaEngine
  /** The bundled thread that mixes. */
  readonly workerPath: string
  /** Directory of what callers are told. */
  readonly promptsPath: string
  readonly clock: Clock
  readonly ids: Ids
  readonly log: Log
}

/** A telephone on the configured trunk. Rejects with a StartError when its port cannot be had. */
export const openPhone = async (config: PhoneConfig, deps: OpenPhoneDeps): Promise<PhonePorts> => {
  const { clock, ids } = deps
  const log = (level: 'debug' | 'info' | 'warn' | 'error', text: string, data?: object) =>
    deps.log[level](data ?? {}, text)
  const { address, port, publicAddress, rewrites, dialIn } = config
  const prompts = dialIn && (await loadPrompts(deps.promptsPath, dialIn.language))
  const sound = createPhoneSound({
    rooms: deps.engine,
    ports: config.soundPorts,
    ...(address ? { bind: address } : {}),
    workerPath: deps.workerPath,
    log,
  })
  try {
    const telephone = await createTelephone({
      trunk: config.trunk,
      user: config.user,
      password: config.password,
      callerID: config.callerID,
      rewrite: (number) => rewriteNumber(rewrites, number),
      localAddress: address,
      localPort: port,
      ...(publicAddress ? { publicAddress } : {}),
      register: config.register,
      media: sound,
      clock,
      ids: () => ids.uuid().replaceAll('-', ''),
      log,
    })
    return { telephone, sound, prompts }
  } catch (error) {
    await sound.close()
    const why = error instanceof Error ? error.message : String(error)
    throw new StartError(`The telephone cannot be opened: ${why}`)
  }
}
