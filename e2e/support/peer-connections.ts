/** What a test may turn in the page's connections, as the network or an administrator would. */
export interface ConnectionChanges {
  /** The media server is reached at this port instead of the one it announces (a fault proxy). */
  readonly mediaPort?: number
  /** Only paths over a relay count. */
  readonly relayOnly?: boolean
}

declare global {
  interface Window {
    /** Every connection that the page made, oldest first. */
    connections: RTCPeerConnection[]
    /** Port that stands in for the media server's; null: the announced one. */
    mediaPort: number | null
  }
}

/** Runs in the page before its scripts: keeps its connections and bends their paths. */
const watchConnections = (changes: ConnectionChanges) => {
  window.connections = []
  window.mediaPort = changes.mediaPort ?? null
  const Original = window.RTCPeerConnection
  window.RTCPeerConnection = class extends Original {
    constructor(config: RTCConfiguration = {}) {
      super(changes.relayOnly ? { ...config, iceTransportPolicy: 'relay' } : config)
      window.connections.push(this)
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const { type, sdp = '' } = description
      const port = window.mediaPort
      const bent = port ? sdp.replace(/(a=candidate:.* )\d+( typ host)/g, `$1${port}$2`) : sdp
      return super.setRemoteDescription({ type, sdp: bent })
    }
  }
}

/** The script for `openPage`. */
export const connectionScript = (changes: ConnectionChanges = {}): string =>
  `(${watchConnections.toString()})(${JSON.stringify(changes)})`
