/** Until `check` holds; throws after `ms`. */
export const until = async (check: () => boolean, ms = 10_000): Promise<void> => {
  const end = performance.now() + ms
  while (!check()) {
    if (performance.now() > end) throw new Error(`not within ${ms} ms: ${check}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
