import type { Page } from 'playwright-core'

/** What a page sent and received of pictures, a line a second. */
interface JournalWindow extends Window {
  journal: { at: number; said: string }[]
}

/** Begins to note what the page's connections say of pictures; cheap enough for what is measured beside it. */
export const keepJournal = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const w = window as unknown as JournalWindow
    w.journal = []
    const describe = (s: Record<string, unknown>): string =>
      s.type === 'outbound-rtp'
        ? `sends ${s.rid ?? ''} ${s.active ? 'on' : 'off'} ${s.frameHeight ?? 0}p ${s.framesEncoded} frames ${s.keyFramesEncoded} keys ${Math.round(Number(s.targetBitrate ?? 0) / 1000)} kbit/s pli ${s.pliCount} nack ${s.nackCount} ${s.qualityLimitationReason}`
        : `shows ${s.frameHeight ?? 0}p ${s.framesDecoded}/${s.framesReceived} frames dropped ${s.framesDropped} ${s.keyFramesDecoded} keys pli ${s.pliCount} nack ${s.nackCount} lost ${s.packetsLost}`
    setInterval(async () => {
      const at = performance.now()
      for (const pc of window.connections)
        for (const stat of (await pc.getStats()).values())
          if (stat.kind === 'video' && /^(in|out)bound-rtp$/.test(stat.type))
            w.journal.push({ at, said: describe(stat) })
    }, 1000)
  })

/** The lines since then, ms of the page's clock. */
export const journalSince = (page: Page, from: number): Promise<string> =>
  page.evaluate(
    (since) =>
      (window as unknown as JournalWindow).journal
        .filter(({ at }) => at >= since)
        .map(({ at, said }) => `${((at - since) / 1000).toFixed(1)} s ${said}`)
        .join('\n'),
    from,
  )
