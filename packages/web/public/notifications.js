// Shows the page when the notification of a call is pressed; it does nothing else.
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const show = async () => {
    const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
    await pages[0]?.focus()
  }
  event.waitUntil(show())
})
