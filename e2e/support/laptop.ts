import { readdirSync, readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'

/** Parents by process, as the system has them now. */
const parents = (): Map<number, number> => {
  const all = new Map<number, number>()
  for (const name of readdirSync('/proc'))
    if (/^\d+$/.test(name))
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
        // The name in brackets may hold anything.
        const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
        all.set(Number(name), Number(parent))
      } catch {
        // It has ended meanwhile.
      }
  return all
}

const childrenOf = (pid: number) =>
  [...parents()].filter(([, parent]) => parent === pid).map(([child]) => child)

const treeOf = (pid: number): number[] => [pid, ...childrenOf(pid).flatMap(treeOf)]

/** A browser whose machine can be shut like a laptop: all of its processes stand still. */
export const launchOnLaptop = async (launch: () => Promise<Browser>) => {
  const before = new Set(childrenOf(process.pid))
  const browser = await launch()
  const roots = childrenOf(process.pid).filter((pid) => !before.has(pid))
  return {
    browser,
    async sleep(ms: number): Promise<void> {
      const tree = roots.flatMap(treeOf)
      for (const pid of tree) process.kill(pid, 'SIGSTOP')
      await new Promise((resolve) => setTimeout(resolve, ms))
      for (const pid of tree.reverse()) process.kill(pid, 'SIGCONT')
    },
  }
}
