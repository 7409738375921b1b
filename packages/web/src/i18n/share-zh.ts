import type { shareEn } from './share-en.ts'

export const shareZh: typeof shareEn = {
  share: {
    start: '共享屏幕',
    stop: '停止共享',
    started: '{name} 正在共享屏幕',
    stopped: '{name} 已停止共享屏幕',
    title: '{name} 的屏幕',
    youShare: '您正在共享屏幕',
    mirror: '您正在共享屏幕，其他人会在这里看到它。',
    control: '控制：',
    onlyMe: '仅自己',
    controlledBy: '{name} 正在控制您的共享',
    youControl: '您正在控制 {name} 的共享',
    giveUp: '放弃控制',
    mark: '在共享画面上标注',
    clear: '清除我的标注',
    fullScreen: '全屏显示共享',
    colours: { red: '红色', yellow: '黄色', green: '绿色', blue: '蓝色' },
  },
}
