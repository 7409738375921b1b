import type { MediaControls, Meeting } from '../../api.ts'

/** A container that follows the meeting. */
export interface MeetingFollower {
  /** Another meeting, or none, is current now. */
  meetingChanged(): void
  /** Names or membership changed. */
  membersChanged(): void
  /** The camera that a person sees in it now. */
  cameraInView?(): { readonly userID: string; readonly videoID: number } | null
}

/** The page's meeting as all containers see it; holds the containers weakly (spec 13 §1.1). */
export class MeetingSource {
  private meeting: Meeting | null = null
  private local: MediaControls | null = null
  private readonly followers = new Set<WeakRef<MeetingFollower>>()
  private media = false
  private onMedia = () => {}

  get current(): Meeting | null {
    return this.meeting
  }

  /** Media played on this page alone; null before Init. */
  get localMedia(): MediaControls | null {
    return this.local
  }

  set localMedia(local: MediaControls | null) {
    this.local = local
    this.each((follower) => follower.meetingChanged())
  }

  /** The page has a place for media. */
  mediaMade(): void {
    if (this.media) return
    this.media = true
    this.onMedia()
  }

  /** Calls once the page has a place for media, at once if it has one already. */
  whenMedia(call: () => void): void {
    this.onMedia = call
    if (this.media) call()
  }

  set(meeting: Meeting | null): void {
    this.meeting = meeting
    this.each((follower) => follower.meetingChanged())
  }

  membersChanged(): void {
    this.each((follower) => follower.membersChanged())
  }

  /** Cameras in visible containers, one entry each. */
  camerasInView(): { readonly userID: string; readonly videoID: number }[] {
    const all: { readonly userID: string; readonly videoID: number }[] = []
    this.each((follower) => {
      const camera = follower.cameraInView?.()
      if (camera) all.push(camera)
    })
    return all
  }

  follow(follower: MeetingFollower): void {
    this.followers.add(new WeakRef(follower))
  }

  private each(run: (follower: MeetingFollower) => void): void {
    for (const ref of this.followers) {
      const follower = ref.deref()
      if (follower) run(follower)
      else this.followers.delete(ref)
    }
  }
}
