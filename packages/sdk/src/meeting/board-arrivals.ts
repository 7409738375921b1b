/** Waits for boards of this page until the server knows of them. */
export const createArrivals = (isOnItsWay: (boardID: string) => boolean) => {
  let waiting: { boardID: string; resolve(): void }[] = []
  let over = false
  const check = () => {
    const done = waiting.filter(({ boardID }) => over || !isOnItsWay(boardID))
    waiting = waiting.filter((one) => !done.includes(one))
    for (const { resolve } of done) resolve()
  }
  return {
    /** Something was answered. */
    check,
    /** Null: there is nothing to wait for. */
    wait: (boardID: string): Promise<void> | null =>
      over || !isOnItsWay(boardID)
        ? null
        : new Promise((resolve) => {
            waiting.push({ boardID, resolve })
          }),
    close() {
      over = true
      check()
    },
  }
}
