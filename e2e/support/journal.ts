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
    type Stats = Record<string, unknown>
    const sends = (s: Stats) =>
      `sends ${s.rid ?? ''} ${s.active ? 'on' : 'off'} ${s.frameHeight ?? 0}p ${s.framesEncoded} frames ` +
      `${s.keyFramesEncoded} keys ${Math.round(Number(s.targetBitrate ?? 0) / 1000)} kbit/s ` +
      `pli ${s.pliCount} nack ${s.nackCount} ${s.qualityLimitationReason}`
    const mean = (sum: unknown, count: unknown) => Math.round((1000 * Number(sum)) / Number(count))
    const shows = (s: Stats) =>
      `shows ${s.frameHeight ?? 0}p ${s.framesDecoded}/${s.framesReceived} frames dropped ${s.framesDropped} ` +
      `${s.keyFramesDecoded} keys pli ${s.pliCount} nack ${s.nackCount} lost ${s.packetsLost}, on average ` +
      `waited ${mean(s.jitterBufferDelay, s.jitterBufferEmittedCount)} ms, ` +
      `decoded in ${mean(s.totalDecodeTime, s.framesDecoded)} ms`
    const describe = (s: Stats) => (s.type === 'outbound-rtp' ? sends(s) : shows(s))
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
