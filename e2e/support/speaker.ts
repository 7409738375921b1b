import type { Page } from 'playwright-core'

/** To run before a page's own scripts: keeps what goes to the loudspeaker, for {@link loudest}. */
export const listenToSpeakers = (): void => {
  const { connect } = AudioNode.prototype
  AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
    const [to] = args
    if (to instanceof AudioDestinationNode) {
      const ear = to.context.createAnalyser()
      ear.fftSize = 4096
      Object.assign(window, { ear })
      Reflect.apply(connect, this, [ear])
    }
    return Reflect.apply(connect, this, args)
  } as typeof connect
}

/** The strongest tone that the page plays now, in Hz; 0 for silence. */
export const loudest = (page: Page): Promise<number> =>
  page.evaluate(() => {
    const { ear } = window as unknown as { ear?: AnalyserNode }
    if (!ear) return 0
    const bins = new Float32Array(ear.frequencyBinCount)
    ear.getFloatFrequencyData(bins)
    let best = 0
    for (let i = 1; i < bins.length; i++) if ((bins[i] ?? -999) > (bins[best] ?? -999)) best = i
    return (bins[best] ?? -999) > -60 ? (best * ear.context.sampleRate) / ear.fftSize : 0
  })
