import { pageTitle } from '../ui/title.ts'

/** The title changes between itself and the words until the returned function is called. */
const flashTitle = (words: string): (() => void) => {
  const timer = setInterval(() => {
    pageTitle.call = pageTitle.call === '' ? words : ''
  }, 1000)
  pageTitle.call = words
  return () => {
    clearInterval(timer)
    pageTitle.call = ''
  }
}

const TAG = 'yuntang-call'

/** Phones show notifications of a service worker only. */
const notifyByWorker = async (words: string): Promise<() => void> => {
  await navigator.serviceWorker.register('/notifications.js')
  const worker = await navigator.serviceWorker.ready
  await worker.showNotification(words, { tag: TAG, requireInteraction: true })
  return () => {
    worker.getNotifications({ tag: TAG }).then(
      (shown) => {
        for (const notification of shown) notification.close()
      },
      () => {},
    )
  }
}

/** A notification of the system, where it is permitted. */
const notify = (words: string): (() => void) => {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return () => {}
  try {
    const notification = new Notification(words, { tag: TAG, requireInteraction: true })
    notification.onclick = () => {
      window.focus()
      notification.close()
    }
    return () => notification.close()
  } catch {
    const shown = notifyByWorker(words).catch(() => () => {})
    return () => void shown.then((close) => close())
  }
}

/** Notifies while nobody looks, from the moment on when nobody does. */
const notifyWhileHidden = (words: string): (() => void) => {
  let close: (() => void) | null = null
  const look = () => {
    const hidden = document.visibilityState === 'hidden'
    if (hidden === (close !== null)) return
    if (close) {
      close()
      close = null
    } else close = notify(words)
  }
  document.addEventListener('visibilitychange', look)
  look()
  return () => {
    document.removeEventListener('visibilitychange', look)
    close?.()
  }
}

/** Calls for attention: title, and where it is permitted a notification while nobody looks. */
export const callForAttention = (words: string): (() => void) => {
  const stops = [flashTitle(words), notifyWhileHidden(words)]
  return () => {
    for (const stop of stops) stop()
  }
}
