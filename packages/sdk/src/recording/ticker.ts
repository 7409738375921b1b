/** Runs in a worker: timers of pages that are not seen are slowed down. */
function worker(): void {
  self.onmessage = ({ data }: MessageEvent<number>) => {
    setInterval(() => self.postMessage(null), data)
  }
}

/** Calls about every `ms`, also in a page that is not seen; gives back what ends it. */
export const startTicking = (ms: number, tick: () => void): (() => void) => {
  const url = URL.createObjectURL(new Blob([`(${worker})()`], { type: 'text/javascript' }))
  const thread = new Worker(url)
  URL.revokeObjectURL(url)
  thread.onmessage = tick
  thread.postMessage(ms)
  return () => thread.terminate()
}
