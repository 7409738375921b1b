import { readdir, readFile } from 'node:fs/promises'

/** Process ids of a server's media processes. */
export const mediaProcesses = async (serverPid: number): Promise<number[]> => {
  const pids: number[] = []
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
    if (parent === serverPid && command.includes('media-worker')) pids.push(Number(pid))
  }
  return pids
}
