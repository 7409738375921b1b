import { BaseSequencer } from 'vitest/node'

/** Test files that take far longer than their size tells, the slowest first. */
const SLOW = [
  'e2e/stories/reconnect',
  'e2e/stories/sleep',
  'e2e/stories/channel',
  'e2e/stories/relays',
  'e2e/stories/netdisk',
  'e2e/stories/recording-contents',
  'server/test/fuzz/http.fuzz',
  'server/test/storage/durability',
  'media/test/fuzz/udp.fuzz',
  'sdk/test/media/meeting-media',
]
const rankOf = ({ moduleId }) => {
  const at = SLOW.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  return at < 0 ? SLOW.length : at
}

/** Begins with what takes longest, so that all workers of a project end at about the same time. */
export class SlowestFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files)
    const projects = [...new Set(sorted.map(({ project }) => project))]
    return projects.flatMap((project) =>
      sorted.filter((file) => file.project === project).sort((a, b) => rankOf(a) - rankOf(b)),
    )
  }
}
