import type { Client, EndReason, Files, Meeting, Unsubscribe } from '../api.ts'
import type { CbProxy } from './cb-proxy.ts'
import { Consent } from './consent.ts'
import { MeetingSource } from './container/meeting-source.ts'
import { Delivery, type DeliveryPorts } from './delivery.ts'
import {
  applyPreferences,
  DEFAULT_PREFERENCES,
  type DevicePreferences,
  readPreferences,
} from './device-preferences.ts'
import { MeetingBridge } from './meeting-bridge.ts'
import { PendingOperations } from './pending.ts'
import { serverList } from './server-list.ts'
import type { SlotName } from './slot-names.ts'
import { warn } from './warn.ts'

/** What the facade needs of its surroundings. */
export interface FacadePorts extends DeliveryPorts {
  createClient(options: {
    server: readonly string[]
    media: boolean
    remoteOpen: Client['remoteOpen']
    work: string
  }): Client
  /** The page's file store. */
  files: Files
  /** The page's origin; `"null"` or a file scheme has none to connect to. */
  origin: string
  /** A fresh unique identifier. */
  newID(): string
}

export interface InitOptions {
  path: string
  callService: boolean
  mediaService: boolean
  /** The HTTP file manager runs. */
  httpFiles: boolean
}

const DEFAULT_PATH = '/CloudroomVideoSDK'
const LOGINSTATE_ERROR = 9
const ENTRY_ENDED = 206

/** The state behind the global functions: one client from Init to Uninit, and what outlives it. */
export class Facade {
  readonly delivery: Delivery
  readonly pending = new PendingOperations()
  readonly containers = new MeetingSource()
  readonly consent = new Consent(() => this.client)
  client: Client | null = null
  callService = true
  httpService = false
  private server = ''
  private path = DEFAULT_PATH
  private preferences: DevicePreferences = DEFAULT_PREFERENCES
  private bridge: MeetingBridge | null = null
  private entering: { fail(sdkErr: number): void } | null = null
  private subscriptions: Unsubscribe[] = []
  private readonly attachments: ((client: Client) => Unsubscribe[])[] = []

  constructor(
    slots: Readonly<Record<SlotName, CbProxy>>,
    private readonly ports: FacadePorts,
  ) {
    this.delivery = new Delivery(slots, ports)
  }

  get meeting(): Meeting | null {
    return this.client?.meeting ?? null
  }

  get sdkPath(): string {
    return this.path
  }

  get serverAddr(): string {
    return this.server
  }

  set serverAddr(list: string) {
    this.server = list
    if (this.client) this.client.server = serverList(list, this.ports.origin)
  }

  /** Device settings: the client's, or those kept for the next one. */
  get settings(): DevicePreferences {
    return this.client ? readPreferences(this.client.devices) : this.preferences
  }

  /** Subscribes to every client from its Init to its Uninit. */
  onClient(subscribe: (client: Client) => Unsubscribe[]): void {
    this.attachments.push(subscribe)
  }

  newID(): string {
    return this.ports.newID()
  }

  emit(slot: SlotName, args: readonly unknown[]): void {
    this.delivery.emit(slot, args)
  }

  init(options: InitOptions): void {
    if (this.client) return
    this.path = options.path.replace(/[\\/]+$/, '') || DEFAULT_PATH
    this.callService = options.callService
    this.httpService = options.httpFiles
    const client = this.ports.createClient({
      server: serverList(this.server, this.ports.origin),
      media: options.mediaService,
      remoteOpen: this.consent.effective,
      work: this.path,
    })
    this.client = client
    this.containers.localMedia = client.localMedia
    applyPreferences(client.devices, this.preferences)
    this.subscriptions = [
      client.on('meeting', (meeting) => this.meetingChanged(meeting)),
      client.on('lineOff', ({ sdk }) => this.emit('LineOff', [sdk])),
      client.channel.on('command', ({ from, data }) => this.emit('NotifyCmdData', [from, data])),
      client.channel.on('buffer', ({ from, data }) => this.emit('NotifyBufferData', [from, data])),
      client.channel.on('file', ({ from, path, name }) =>
        this.emit('NotifyFileData', [from, path, name]),
      ),
      client.channel.on('cancelled', ({ task }) => this.emit('NotifyCancelSend', [task])),
      client.devices.on('audioChanged', () => this.emit('AudioDevChanged', [])),
      ...this.attachments.flatMap((subscribe) => subscribe(client)),
    ]
    client.devices.start().catch((error: unknown) => warn('devices cannot be listed', error))
  }

  uninit(): void {
    const { client } = this
    if (!client) return
    this.preferences = readPreferences(client.devices)
    for (const unsubscribe of this.subscriptions.splice(0)) unsubscribe()
    this.forget()
    this.client = null
    this.containers.localMedia = null
    this.callService = true
    this.httpService = false
    this.path = DEFAULT_PATH
    this.delivery.clear()
    client.close()
  }

  /** Deliberate logout: nothing that was pending gets a result. */
  logout(): void {
    if (!this.client) return
    this.forget()
    this.client.logout()
  }

  /**
   * Runs an operation with one result. Without a client, or without the call service where
   * `needsCalls`, it fails with 9.
   */
  operate<T>(
    run: (client: Client, signal: AbortSignal) => Promise<T>,
    done: (value: T) => void,
    failed: (sdkErr: number, error: unknown) => void,
    needsCalls = true,
  ): { fail(sdkErr: number): void } | null {
    const { client } = this
    if (!client || (needsCalls && !this.callService)) {
      failed(LOGINSTATE_ERROR, null)
      return null
    }
    return this.pending.start((signal) => run(client, signal), done, failed)
  }

  enter(
    options: { id: number; password: string; userID: string; nickName: string },
    cookie: unknown,
  ) {
    this.entering?.fail(ENTRY_ENDED)
    const { userID, nickName, ...rest } = options
    let entry: { fail(sdkErr: number): void } | null = null
    entry = this.operate(
      (client, signal) =>
        client.enter(
          { ...rest, ...(userID && { userID }), ...(nickName && { nickName }) },
          { signal },
        ),
      (meeting) => {
        if (this.entering === entry) this.entering = null
        if (this.bridge?.meeting !== meeting) this.meetingChanged(meeting)
        this.emit('EnterMeetingRslt', [0, cookie])
        this.bridge?.open()
      },
      (sdkErr) => {
        if (this.entering === entry) this.entering = null
        this.emit('EnterMeetingRslt', [sdkErr, cookie])
      },
      false,
    )
    this.entering = entry
  }

  /** The region of the running share, in the form that the page's handler wants. */
  tellShareArea(): void {
    this.bridge?.tellShareArea()
  }

  /** Leaves at once; an entry under way ends with 206. */
  exit(): void {
    this.leaveBridge()
    this.entering?.fail(ENTRY_ENDED)
    this.client?.meeting?.leave()
  }

  private forget(): void {
    this.pending.drop()
    this.entering = null
    this.leaveBridge()
  }

  private leaveBridge(): void {
    if (!this.bridge) return
    this.bridge.close()
    this.bridge = null
    this.containers.set(null)
  }

  private meetingChanged(meeting: Meeting | null): void {
    if (this.bridge?.meeting === meeting) return
    if (this.bridge && meeting) this.leaveBridge()
    if (!meeting) {
      this.bridge = null
      this.containers.set(null)
      return
    }
    this.bridge = new MeetingBridge(meeting, this.delivery, this.containers, (reason) =>
      this.meetingEnded(reason),
    )
    this.containers.set(meeting)
  }

  private meetingEnded(reason: EndReason): void {
    // Nothing of a meeting that the page left itself is delivered any more (spec 07 §3).
    if (reason === 'left') this.bridge?.close()
    this.bridge = null
    this.containers.set(null)
    if (reason === 'stopped') this.emit('MeetingStopped', [])
    if (reason === 'dropped') this.emit('MeetingDropped', [0])
    if (reason === 'replaced') this.emit('MeetingDropped', [1])
  }
}
