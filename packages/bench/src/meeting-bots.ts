import { Bot } from './bot.ts'

const DEVICES = { mic: false, cameras: [], defaultVideo: 0, multiVideo: false }

/** Logs a bot in; with the number of a meeting it also enters. */
export const enterBot = async (port: number, userID: string, id: number): Promise<Bot> => {
  const bot = await Bot.login(port, userID)
  await bot.call('meetings.enter', { id, password: '', nickName: userID, devices: DEVICES })
  return bot
}

/** Makes a meeting that bots can enter, and answers its number. */
export const makeMeeting = async (port: number): Promise<number> => {
  const bot = await Bot.login(port, 'owner')
  const wanted = { subject: 'bench', withPassword: false }
  const { id } = await bot.call('meetings.create', wanted)
  bot.close()
  return id
}
