/** What a test may turn in the page's connections, as the network or an administrator would. */
export interface ConnectionChanges {
  /** The media server is reached at this port instead of those it announces (a fault proxy). */
  readonly mediaPort?: number
  /** Other ports for those that the media server announces: a firewall in front of each. */
  readonly ports?: Readonly<Record<number, number>>
  /** The only relay that the page's network lets it reach, by its address; default all. */
  readonly relay?: string
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
  const reachable = (config: RTCConfiguration): RTCConfiguration => ({
    ...config,
    iceServers: (config.iceServers ?? []).map((server) => ({
      ...server,
      urls: [server.urls].flat().filter((url) => !changes.relay || url === changes.relay),
    })),
  })
  window.RTCPeerConnection = class extends Original {
    constructor(config: RTCConfiguration = {}) {
      super(reachable(config))
      window.connections.push(this)
    }

    override setConfiguration(config: RTCConfiguration): void {
      super.setConfiguration(reachable(config))
    }

    override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
      const { type, sdp = '' } = description
      const bent = sdp.replace(
        /(a=candidate:.* )(\d+)( typ host)/g,
        (_line, head, port, tail) =>
          `${head}${window.mediaPort ?? changes.ports?.[port] ?? port}${tail}`,
      )
      return super.setRemoteDescription({ type, sdp: bent })
    }
  }
}

/** The script for `openPage`. */
export const connectionScript = (changes: ConnectionChanges = {}): string =>
  `(${watchConnections.toString()})(${JSON.stringify(changes)})`
