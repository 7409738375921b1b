import type { Static } from 'typebox'
import { domain, replacedEvent, request } from '../contract.ts'
import { LIMITS } from '../limits.ts'
import { int, list, nothing, obj, oneOf, opt, Sdp, text, UserID } from '../schema.ts'

/**
 * A published or received stream: a microphone, the shared screen, picture or sound of shared media
 * (`videoID` 0), or one camera.
 */
const Source = {
  kind: oneOf('mic', 'camera', 'screen', 'media', 'mediaSound'),
  videoID: int(0, 65_535),
}
const Mid = () => text(16, 1)

/** A stream behind an m-line of my sending connection. */
export const PublishedTrack = obj({ mid: Mid(), ...Source })
export type PublishedTrack = Static<typeof PublishedTrack>

/** A stream behind an m-line of my receiving connection. */
export const ReceivedTrack = obj({ mid: Mid(), userID: UserID(), ...Source })
export type ReceivedTrack = Static<typeof ReceivedTrack>

/** A camera this page shows, and how large. `height` in device pixels chooses the layer. */
export const VideoWatch = obj({ userID: UserID(), videoID: int(1, 65_535), height: int(1, 8192) })
export type VideoWatch = Static<typeof VideoWatch>

/**
 * Relays (TURN, RFC 8656; STUN without credentials) for pages whose network has no UDP to the engine.
 * The credentials are good for `seconds` from now on.
 */
export const Relays = obj({
  urls: list(text(LIMITS.relayUrlChars, 1), LIMITS.relayUrls),
  username: opt(text(256, 1)),
  credential: opt(text(256, 1)),
  seconds: int(1, 86_400),
})
export type Relays = Static<typeof Relays>

const Version = () => int(1, Number.MAX_SAFE_INTEGER)

/** Media negotiation (media-findings §1): two connections per member, each first offered by the page. */
export const rtc = domain('rtc', {
  requests: {
    /** Offer of the sending connection, first or again; `tracks` are all that it sends now. */
    publish: request({
      in: obj({ sdp: Sdp(), tracks: list(PublishedTrack, 4 + LIMITS.camerasPerMember) }),
      out: obj({ sdp: Sdp() }),
      allow: 'member',
    }),
    /**
     * First offer of the receiving connection, or one with new ICE credentials. Events `offer` up to
     * `version` are void: they were made for what was before.
     */
    receive: request({
      in: obj({ sdp: Sdp() }),
      out: obj({ sdp: Sdp(), version: Version() }),
      allow: 'member',
    }),
    /** Answer to the event `offer` of the same version. */
    answer: request({
      in: obj({ sdp: Sdp(), version: Version() }),
      out: nothing(),
      allow: 'member',
    }),
    /**
     * All cameras this page wants to see now, and how large it shows the shared screen and shared
     * media, if it does, in lines; sound comes by itself.
     */
    watch: request({
      in: obj({
        videos: list(VideoWatch, LIMITS.watchesPerMember),
        screen: opt(int(1, 8192)),
        media: opt(int(1, 8192)),
      }),
      out: nothing(),
      allow: 'member',
    }),
    /** New credentials for the relays that the snapshot named; none: there are no relays now. */
    relays: request({ in: nothing(), out: obj({ relays: opt(Relays) }), allow: 'member' }),
  },
  events: {
    /** The server changes the receiving connection; `tracks` are all that it carries then. */
    offer: replacedEvent(
      obj({ sdp: Sdp(), version: Version(), tracks: list(ReceivedTrack, 10_000) }),
    ),
    /**
     * Encodings of my camera, or of my screen or media (`videoID` 0), that somebody needs now, by rid ('' for
     * the only one); the others may rest. All are needed until this says otherwise.
     */
    layers: replacedEvent(
      obj({ videoID: int(0, 65_535), media: opt(oneOf(1)), rids: list(text(16), 3) }),
    ),
    /** The media engine lost this page's connections: build both anew. */
    reset: replacedEvent(obj({ reason: text(64) })),
  },
})
