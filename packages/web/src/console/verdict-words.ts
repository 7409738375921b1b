import type { Finding, Stretch, Timeline, TimeSpan, Verdict } from '@yuntang/sdk/evidence'
import type { ComposerTranslation } from 'vue-i18n'

/** A place that differs, in words. */
export interface PlaceWords {
  readonly kind: Finding['kind'] | 'early'
  readonly text: string
  readonly when: string
}

/** Words of a verdict in one language. */
export const verdictWords = (t: ComposerTranslation, locale: string) => {
  const number = new Intl.NumberFormat(locale)
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    // With its time zone: what is proven has to be understood elsewhere.
    timeStyle: 'long',
  })
  const time = (at: number) => moment.format(at)
  const count = (bytes: number) =>
    t(bytes === 1 ? 'verify.byte' : 'verify.bytes', { n: number.format(bytes) })
  const span = ({ start, end }: { start: number; end: number }) =>
    end > start
      ? t('verify.span', { from: number.format(start), to: number.format(end - 1) })
      : t('verify.at', { at: number.format(start) })

  const when = ({ after, before }: TimeSpan): string => {
    if (after !== null && before !== null)
      return t('verify.between', { after: time(after), before: time(before) })
    if (before !== null) return t('verify.before', { before: time(before) })
    return after === null ? t('verify.noTime') : t('verify.after', { after: time(after) })
  }

  const place = ({ kind, recorded, found, time: at }: Finding): PlaceWords => {
    const more = found.end - found.start - (recorded.end - recorded.start)
    const isGone = kind === 'missing' && found.start === found.end
    const text = t(`verify.place.${isGone ? 'gone' : kind}`, {
      count: count(Math.abs(more)),
      recorded: span(recorded),
      found: span(found),
    })
    // What was added was not recorded: its place was.
    const { after, before } = at
    const isPlace = kind === 'added' && after !== null && before !== null
    const around = () => t('verify.around', { after: time(after ?? 0), before: time(before ?? 0) })
    return { kind, text, when: isPlace ? around() : when(at) }
  }
  const early = ({ found, time: at }: Stretch): PlaceWords => ({
    kind: 'early',
    text: t('verify.place.early', { found: span(found) }),
    when: when(at),
  })

  const stamps = (line: Timeline): string[] => {
    if (line.first === null || line.last === null) return [t('verify.stampsNone')]
    const gap = number.format(Math.round(line.longestGap / 1000))
    return [
      line.stamps === 1
        ? t('verify.stampOne', { at: time(line.first) })
        : t('verify.stamps', {
            n: number.format(line.stamps),
            first: time(line.first),
            last: time(line.last),
            gap,
          }),
      t(line.complete ? 'verify.complete' : 'verify.incomplete'),
      ...(line.unstamped > 0 ? [t('verify.unstamped', { count: count(line.unstamped) })] : []),
      ...(line.clockWentBack ? [t('verify.clock')] : []),
    ]
  }

  const person = (who: { account: string; userID: string; meeting: number }): string => {
    const name = who.account
      ? t('verify.user', { user: who.userID, account: who.account })
      : t('verify.guest', { user: who.userID })
    return who.meeting ? t('verify.inMeeting', { name, meeting: String(who.meeting) }) : name
  }

  return {
    time,
    count,
    person,
    stamps,
    places: (told: Verdict): PlaceWords[] =>
      told.verdict === 'unknown'
        ? []
        : [...told.findings.map(place), ...told.contradicted.map(early)],
  }
}
