import type { recordsEn } from './records-en.ts'

/** 服务器上录像的文字。 */
export const recordsZh: typeof recordsEn = {
  records: {
    title: '录像',
    link: '录像',
    server: '在服务器上',
    loading: '正在查找录像…',
    failed: '无法显示录像。',
    empty: '还没有录像。您上传的录像会保存在这里，除您之外只有服务器管理员可以看到。',
    evidence: '有存证',
    evidenceHint: '有存证的录像与其存证文件可证明内容未被改动：',
    manifest: '保存 {file} 的存证文件',
    refresh: '刷新',
    more: '更早的录像',
    removeAsk: '从服务器删除录像 {file}？',
  },
}
