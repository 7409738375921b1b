import type { ClassicPage } from './classic.ts'

/** What CRVideo_Getmediaimg gives: width, height and bytes, and its mean colour. */
export const mediaImage = (page: ClassicPage, userID: string) =>
  page.read<{ size: number[]; rgb: number[]; at: number }>(`(() => {
    const { dat, width, height, frameTime } = JSON.parse(CRVideo_Getmediaimg('${userID}'))
    const text = atob(dat), sums = [0, 0, 0]
    for (let i = 0; i < text.length; i += 4) for (const c of [0, 1, 2]) sums[c] += text.charCodeAt(i + c)
    const rgb = sums.reverse().map((sum) => (sum * 4) / text.length)
    return { size: [width, height, text.length], rgb, at: frameTime }
  })()`)

/** What the tool bar over the media offers to a person who points at it. */
export const toolBarOf = async (page: ClassicPage) => {
  await page.page.mouse.move(0, 0)
  await page.page.hover('.crv-media')
  return await page.read<{
    buttons: string[]
    time: string
    fixed: boolean
    seen: boolean
  }>(`(() => {
    const bar = document.querySelector('.crv-media [role=toolbar]')
    const buttons = [...bar.querySelectorAll('button')].filter((b) => b.offsetWidth > 0)
    return {
      buttons: buttons.map((b) => b.title),
      time: bar.textContent,
      fixed: bar.querySelector('input').disabled,
      seen: bar.offsetHeight === 32 && bar.style.opacity === '1',
    }
  })()`)
}

/** Runs in a page before its scripts: `films` are the video elements that it makes, seen or not. */
export const keepFilms = (): void => {
  const all: unknown[] = []
  const make = document.createElement.bind(document)
  document.createElement = ((name: string) => {
    const element = make(name)
    if (name === 'video') all.push(element)
    return element
  }) as typeof document.createElement
  Object.assign(window, { films: all })
}
