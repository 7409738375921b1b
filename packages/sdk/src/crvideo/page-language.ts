/** Of what the SDK itself writes into a page: the page's own word, else the browser's. */
export const pageLanguage = (): 'zh' | 'en' =>
  /^zh\b/i.test(document.documentElement.lang || navigator.language) ? 'zh' : 'en'
