import { i18n } from '../i18n/index.ts'
import { toast } from './toasts.ts'

/** False when the browser refuses, for example on a page without HTTPS. */
export const copyText = async (text: string): Promise<boolean> => {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}

/** Copies a link and says so; where the browser refuses, the link is shown to be copied by hand. */
export const copyLink = async (url: string): Promise<void> => {
  const { t } = i18n.global
  toast((await copyText(url)) ? t('common.copied') : t('common.copyFailed', { url }))
}
