import type { mediaEn } from './media-en.ts'

/** 播放给所有人的影音文件的文字。 */
export const mediaZh: typeof mediaEn = {
  media: {
    open: '播放影音文件给所有人',
    stopMine: '停止播放',
    drop: '松开即可播放给所有人',
    notMedia: '只能播放视频和音频文件。',
    opening: '正在打开 {file}…',
    started: '{name} 正在播放 {file}',
    stopped: '{name} 已停止播放',
    title: '{name} 正在播放 {file}',
    youPlay: '您正在播放 {file}',
    paused: '已暂停',
    pause: '暂停',
    resume: '继续',
    stop: '停止播放',
    again: '再播一遍',
    seek: '播放位置',
    position: '{at}，共 {of}',
    volume: '本页音量',
    fullScreen: '全屏显示',
  },
}
