import { readFileSync } from 'node:fs'

/** Resident memory of a process in KiB, from the kernel. */
export const residentKb = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])

/** Linux counts processor time in hundredths of a second. */
const TICKS_PER_SECOND = 100

/** Processor seconds that a process has used so far. */
export const cpuSeconds = (pid: number): number => {
  // Behind the name, which may hold anything, the 12th and 13th field are user and system time.
  const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ')
    .slice(11, 13)
  return (Number(user) + Number(system)) / TICKS_PER_SECOND
}
