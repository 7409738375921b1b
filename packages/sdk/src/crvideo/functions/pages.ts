import type { MainPage } from '../../api.ts'
import { number, record, text } from '../convert.ts'
import type { Facade } from '../facade.ts'
import { warn } from '../warn.ts'
import { attempt, inMeeting } from './device-actions.ts'
import type { FunctionTable } from './function-table.ts'

const isMainPage = (value: number): value is MainPage => [0, 1, 2].includes(value)

/** A page is named by its ID or by an object that has it as `boardID` (spec 07 §1.2). */
const pageOf = (value: unknown): string => {
  const given = record(value)
  return given && 'boardID' in given ? text(given.boardID) : text(value)
}

/** Page, video wall and main video (spec 11 §2–4). */
export function pagesFunctions(facade: Facade): FunctionTable {
  return {
    Switchtopage: (mainPage, pageID) => {
      const main = number(mainPage)
      if (!isMainPage(main)) return warn('switching the page ignored: there is no such main page')
      inMeeting(facade, 'switching the page', ({ pages }) =>
        attempt('switching the page', () => pages.switchTo(main, pageOf(pageID))),
      )
    },
    Getcurrentmainpage: () => facade.meeting?.pages.main ?? 0,
    Getcurrentsubpage: () => {
      const pages = facade.meeting?.pages
      const sub = pages?.sub ?? ''
      return JSON.stringify({ userID: pages?.by ?? '', boardID: sub, pageID: sub })
    },
    Setvideowallmode: (mode) => {
      const wall = number(mode)
      if (!Number.isSafeInteger(wall)) return warn('setting the video wall ignored: not a number')
      inMeeting(facade, 'setting the video wall', ({ pages }) =>
        attempt('setting the video wall', () => pages.setWall(wall)),
      )
    },
    GetVideoWallMode: () => facade.meeting?.pages.wall ?? 0,
    GetMainVideo: () => facade.meeting?.pages.mainVideo ?? '',
    SetMainVideo: (userID) =>
      inMeeting(facade, 'setting the main video', ({ pages }) =>
        attempt('setting the main video', () => pages.setMainVideo(text(userID))),
      ),
  }
}
