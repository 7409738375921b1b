/** Tries until `check` does not throw, for at most `ms`; then throws its last error. */
export const eventually = async <T>(check: () => Promise<T> | T, ms = 15_000): Promise<T> => {
  const end = Date.now() + ms
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise((r) => setTimeout(r, 100))
    }
  }
}
