import {
  apply,
  type Command,
  decide,
  emptyRoom,
  type Fact,
  type RoomState,
} from '../../src/domains/members/state.ts'

export const camera = (videoID: number) => ({ videoID, name: `Camera ${videoID}` })
export const devices = (mic = true, cameras = [camera(1)]) => ({
  mic,
  cameras,
  defaultVideo: cameras[0]?.videoID ?? 0,
  multiVideo: false,
})

/** Commits commands in turn; a refused one answers its error and changes nothing. */
export const createRoomRun = () => {
  let state: RoomState = emptyRoom
  const facts: Fact[] = []
  return {
    state: () => state,
    facts,
    do(command: Command): string | Fact[] {
      const decision = decide(state, command)
      if ('error' in decision) return decision.error
      for (const fact of decision.facts) state = apply(state, fact)
      facts.push(...decision.facts)
      return decision.facts
    },
  }
}
