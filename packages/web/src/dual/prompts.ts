import { type Meeting, YuntangError } from '@yuntang/sdk'
import { ref } from 'vue'
import { errorText } from '../i18n/index.ts'
import { toast } from '../ui/toasts.ts'
import type { ScriptStep } from './script.ts'

/** Whose sounds are the script's of a dual recording, and not a file of their own; `""` nobody's. */
export const prompter = ref('')

/** Says a step to everybody; another step stops the one before. */
export const speak = async ({ media, me }: Meeting, { sound }: ScriptStep): Promise<void> => {
  hush({ media, me })
  if (!sound) return
  try {
    const file = sound.startsWith('/') ? new URL(sound, location.origin).href : sound
    await media.play(file)
  } catch (error) {
    const isStopped = error instanceof YuntangError && error.code === 'playing.none'
    if (!isStopped) toast(errorText(error), 'error')
  }
}

/** Stops what this page says. */
export const hush = ({ media, me }: Pick<Meeting, 'media' | 'me'>): void => {
  if (media.busy || media.current?.userID === me) media.stop()
}
