/** The time of a message; with its date unless it was today. */
export const shortTime = (at: number, now: number, locale: string): string => {
  const time = new Date(at)
  const isToday = time.toDateString() === new Date(now).toDateString()
  return new Intl.DateTimeFormat(locale, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
  }).format(time)
}
