import { evidenceKey, type Verdict, verifyRecording } from '@yuntang/sdk/evidence'
import { onUnmounted, ref, shallowRef, watch } from 'vue'

const isManifest = ({ name, type }: File) => /\.json$/i.test(name) || type === 'application/json'

/** A recording and its manifest on this device, and what they say; nothing is sent anywhere. */
export const useVerify = () => {
  const file = shallowRef<File | null>(null)
  const manifest = shallowRef<File | null>(null)
  /** Public key that is trusted; this server's until somebody names another. */
  const key = ref('')
  const ownKey = ref('')
  /** Percent read; null while nothing is checked. */
  const percent = ref<number | null>(null)
  const verdict = shallowRef<Verdict | null>(null)
  const failure = shallowRef<unknown>(null)
  let running: AbortController | null = null

  const stop = () => {
    running?.abort()
    running = null
    percent.value = null
  }
  const check = async () => {
    stop()
    verdict.value = null
    failure.value = null
    const [content, signed] = [file.value, manifest.value]
    if (!content || !signed) return
    const mine = new AbortController()
    running = mine
    percent.value = 0
    try {
      const told = await verifyRecording(content, signed, {
        ...(key.value.trim() && { key: key.value.trim() }),
        signal: mine.signal,
        progress: (bytes) => {
          if (running === mine)
            percent.value = Math.floor((100 * bytes) / Math.max(1, content.size))
        },
      })
      if (running === mine) verdict.value = told
    } catch (error) {
      if (running === mine) failure.value = error
    } finally {
      if (running === mine) stop()
    }
  }

  evidenceKey('').then(
    (known) => {
      ownKey.value = known
      if (key.value !== '') return
      key.value = known
      // What was checked before the key was there was checked against none.
      void check()
    },
    // The page says then that the key has to be compared by hand.
    () => {},
  )

  watch([file, manifest], check)
  onUnmounted(stop)

  return {
    file,
    manifest,
    key,
    ownKey,
    percent,
    verdict,
    failure,
    check,
    /** Gives up and keeps what was chosen. */
    stop,
    /** Takes dropped files for what they look like. */
    take(files: readonly File[]) {
      for (const each of files)
        if (isManifest(each)) manifest.value = each
        else file.value = each
    },
    clear() {
      file.value = null
      manifest.value = null
    },
  }
}
export type Verify = ReturnType<typeof useVerify>
