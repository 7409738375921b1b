/** What a person typed or pasted to name a meeting. */
export type MeetingReference = { kind: 'number'; id: number } | { kind: 'link'; slug: string }

const SLUG = /^[A-Za-z]{6}$/
const NUMBER = /^\d{1,15}$/

const fromNumber = (text: string): MeetingReference | null => {
  const digits = text.replace(/[\s-]/g, '')
  return NUMBER.test(digits) && Number(digits) > 0 ? { kind: 'number', id: Number(digits) } : null
}

const fromPath = (path: string): MeetingReference | null => {
  const parts = path.split('/').filter(Boolean)
  const last = parts.at(-1) ?? ''
  if (parts.at(-2) === 'meeting') return fromNumber(last)
  return SLUG.test(last) ? { kind: 'link', slug: last } : null
}

/**
 * Takes a number (spaces, dashes and full-width digits allowed), a meeting link, or a link's last
 * part (spec 03 §2); null for anything else.
 */
export const parseMeetingReference = (input: string): MeetingReference | null => {
  const text = input.normalize('NFKC').trim()
  const number = fromNumber(text)
  if (number) return number
  if (SLUG.test(text)) return { kind: 'link', slug: text }
  if (!text.includes('/')) return null
  const absolute = /^[a-z][a-z\d+.-]*:\/\//i.test(text) ? text : `https://${text}`
  try {
    return fromPath(new URL(absolute).pathname)
  } catch {
    return null
  }
}
