/** The title changes between itself and the words until the returned function is called. */
const flashTitle = (words: string): (() => void) => {
  const own = document.title
  let showing = false
  const timer = setInterval(() => {
    showing = !showing
    document.title = showing ? words : own
  }, 1000)
  document.title = words
  return () => {
    clearInterval(timer)
    document.title = own
  }
}

const notify = (words: string): (() => void) => {
  if (!('Notification' in globalThis) || Notification.permission !== 'granted') return () => {}
  if (document.visibilityState === 'visible') return () => {}
  try {
    const notification = new Notification(words, { tag: 'yuntang-call', requireInteraction: true })
    notification.onclick = () => {
      window.focus()
      notification.close()
    }
    return () => notification.close()
  } catch {
    // Phones allow notifications from a service worker only.
    return () => {}
  }
}

/** Calls for attention: title, and where it is permitted a notification while nobody looks. */
export const callForAttention = (words: string): (() => void) => {
  const stops = [flashTitle(words), notify(words)]
  return () => {
    for (const stop of stops) stop()
  }
}
