/** One or two characters that stand for a person: Chinese names by their last two, others by words. */
export const initials = (name: string): string => {
  const text = name.trim()
  if (/^\p{Script=Han}+$/u.test(text)) return [...text].slice(-2).join('')
  const words = text.split(/\s+/).filter(Boolean)
  const first = [...(words[0] ?? '')][0] ?? '?'
  const last = words.length > 1 ? ([...(words.at(-1) ?? '')][0] ?? '') : ''
  return (first + last).toLocaleUpperCase()
}
