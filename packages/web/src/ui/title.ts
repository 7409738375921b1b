import { reactive } from 'vue'

/** What the browser's tab is called after. */
export const pageTitle = reactive({
  /** The meeting; `""` outside of one. */
  subject: '',
  /** Messages that nobody has looked at. */
  unread: 0,
  /** Stands alone while somebody calls; `""`: nobody does. */
  call: '',
})

/** The title of the tab. */
export const titleText = (app: string, { subject, unread, call }: typeof pageTitle): string => {
  if (call !== '') return call
  const name = subject === '' ? app : `${subject} – ${app}`
  return unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name
}
