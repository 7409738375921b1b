/**
 * Opens the browser's file chooser; needs a user gesture. Resolves with nothing when the person
 * chooses nothing.
 */
export const pickFiles = (options: { accept?: string; multiple?: boolean } = {}): Promise<File[]> =>
  new Promise((resolve) => {
    const input = document.createElement('input')
    input.type = 'file'
    input.accept = options.accept ?? ''
    input.multiple = options.multiple ?? false
    const done = () => resolve([...(input.files ?? [])])
    input.addEventListener('change', done, { once: true })
    input.addEventListener('cancel', done, { once: true })
    input.click()
  })
