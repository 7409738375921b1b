/** Whether the page's own words, or else the browser's, are Chinese. */
export const isChinese = (): boolean =>
  /^zh\b/i.test(document.documentElement.lang || navigator.language)
