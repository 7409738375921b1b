import type { PagesState } from './domains/pages.ts'

/** What a new meeting looks at (spec 07 §1.5). */
export const FIRST_PAGES: PagesState = {
  main: 0,
  sub: '',
  by: '',
  wall: 2,
  wallBy: '',
  mainVideo: '',
  mainVideoBy: '',
}
