import type { ContainerClasses } from '../container/container-classes.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import { audioFunctions } from './audio.ts'
import { basicFunctions } from './basics.ts'
import { boardFunctions } from './board.ts'
import { callFunctions } from './calls.ts'
import { channelFunctions } from './channel.ts'
import type { ClassicFunction, FunctionTable } from './function-table.ts'
import { httpFileFunctions } from './http-files.ts'
import { imFunctions } from './im.ts'
import { mediaFunctions } from './media.ts'
import { meetingFunctions } from './meetings.ts'
import { memberFunctions } from './members.ts'
import { netdiskFunctions } from './netdisk.ts'
import { pagesFunctions } from './pages.ts'
import { presenceFunctions } from './presence.ts'
import { queueFunctions } from './queues.ts'
import { recordUploadFunctions } from './record-uploads.ts'
import { recordingFunctions } from './recording.ts'
import { screenFunctions } from './screen.ts'
import { uploadRateFunctions } from './upload-rate.ts'
import { videoFunctions } from './video.ts'

/** No function throws, whatever it is given (spec 00 §2). */
function harmless(name: string, run: ClassicFunction): ClassicFunction {
  return (...args) => {
    try {
      return run(...args)
    } catch (error) {
      warn(`CRVideo_${name} failed`, error)
      return undefined
    }
  }
}

/** Every function of the classic API by its name without prefix. */
export function allFunctions(facade: Facade, classes: ContainerClasses): FunctionTable {
  const table: FunctionTable = {
    ...basicFunctions(facade),
    ...meetingFunctions(facade),
    ...memberFunctions(facade),
    ...imFunctions(facade),
    ...pagesFunctions(facade),
    ...audioFunctions(facade),
    ...videoFunctions(facade),
    ...presenceFunctions(facade),
    ...boardFunctions(facade),
    ...callFunctions(facade),
    ...channelFunctions(facade),
    ...queueFunctions(facade),
    ...netdiskFunctions(facade),
    ...screenFunctions(facade),
    ...recordingFunctions(facade),
    ...recordUploadFunctions(facade),
    ...mediaFunctions(facade),
    ...uploadRateFunctions(facade),
    ...httpFileFunctions(facade),
    CreatVideoObj: () => new classes.VideoContainer(),
    CreatMediaObj: () => new classes.MediaContainer(),
    CreatScreenShareObj: () => new classes.ScreenShareContainer(),
  }
  return Object.fromEntries(Object.entries(table).map(([name, run]) => [name, harmless(name, run)]))
}
