/**
 * A file that is dropped beside every place for it does nothing: by itself the browser would open it in
 * place of the page, and the meeting would be over.
 */
const refuse = (event: DragEvent) => {
  const { dataTransfer, defaultPrevented } = event
  if (defaultPrevented || !dataTransfer?.types.includes('Files')) return
  event.preventDefault()
  dataTransfer.dropEffect = 'none'
}

export const guardDrops = (): void => {
  addEventListener('dragover', refuse)
  addEventListener('drop', refuse)
}
