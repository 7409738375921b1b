/** Whether what the SDK itself says in a page is to be Chinese: by the page's language, or the person's. */
export const isChinesePage = (): boolean =>
  /^zh\b/i.test(document.documentElement.lang || navigator.language)
