import { setTimeout as pause } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import type { Ami } from './ami/ami.js'
import { askPhones } from './ami/ask-phones.js'
import { recallEmergencies } from './ami/emergency-calls.js'
import { AmiLink } from './ami/link.js'
import { Mirroring } from './ami/mirroring.js'
import { reload } from './ami/reload.js'
import { TransferGates } from './ami/transfer-gates.js'
import { Loop } from './ari/loop.js'
import { Session } from './ari/session.js'
import { initialState } from './call/state.js'
import { generationOf } from './config/deployed-generation.js'
import { openDeployment } from './config/deployment-folder.js'
import { loadSiteAside } from './config/load-aside.js'
import type { CalendarClock } from './daemon/calendar-clock.js'
import { CallRecorder } from './daemon/call-recorder.js'
import { codeDoor } from './daemon/code-door.js'
import { openContracts } from './daemon/contract-effects.js'
import { CountKeeper } from './daemon/count-keeper.js'
import { DiagnosisDesk } from './daemon/diagnosis-desk.js'
import { LiveLines } from './daemon/live-lines.js'
import type { RenewalTimer } from './daemon/renewal-timer.js'
import { SettingsDesk } from './daemon/settings-desk.js'
import { VoicemailDesk } from './daemon/voicemail-desk.js'
import { watchers } from './daemon/watchers.js'
import { openWebDoor } from './daemon/web-door.js'
import { AsteriskUnreachable, type Controller, type Reloaded } from './http/controller.js'
import { EventStreams } from './http/event-streams.js'
import { Metrics } from './http/metrics.js'
import type { CallView, LineView, Status } from './http/views.js'
import type { WhyView } from './http/why-view.js'
import { isPlausible } from './model/clock.js'
import type { Secret } from './model/secret.js'
import type { Site } from './model/site.js'
import type { ContractDesk } from './store/contract-desk.js'
import { type Database, openStore, storeFile } from './store/database.js'
import { Subscribers } from './store/subscribers.js'
import { tables } from './store/tables.js'
import { version } from './version.js'

/** The mirror of ten thousand lines takes two seconds. */
const MIRROR_WAIT_MS = 5_000

export interface DaemonOptions {
  readonly site: Site
  /** Read again at each reload. */
  readonly siteFile: string
  /** The state folder: secrets, token, generations. */
  readonly dir: string
  readonly log: Logger
  /** What renewals and expiries go by. */
  readonly calendar: CalendarClock
  /** Called whenever calls begin to be decided, the first time and after each gap. */
  readonly onReady: () => void
  /** Called each second while calls are decided, by the loop that decides them (M12). */
  readonly onBeat?: () => void
  /** Called once in the life of a state folder: the password of its first user. */
  readonly onFirstPassword: (password: Secret) => void
}

/**
 * Composition root of the controller: builds its parts, joins them, stops them.
 * While Asterisk is away it keeps trying; the dialplan serves the phones.
 */
export class Daemon implements Controller {
  readonly #options: DaemonOptions
  readonly #loop: Loop
  readonly #session: Session
  readonly #live: LiveLines
  readonly #log: Logger
  readonly #streams: EventStreams
  readonly #metrics: Metrics
  readonly #recorder: CallRecorder
  readonly #store: Database
  readonly #subscribers: Subscribers
  readonly #mirroring: Mirroring
  readonly #settings: SettingsDesk
  readonly #contracts: ContractDesk
  readonly #renewals: RenewalTimer
  readonly #voicemail: VoicemailDesk
  #site: Site
  readonly #link: AmiLink
  readonly #gates: TransferGates
  readonly #firstMirror: Promise<boolean>
  #mirrored: (written: boolean) => void = () => undefined
  /** Over this connection nobody has asked the phones yet. */
  #toAsk: Ami | undefined
  #server: FastifyInstance | undefined
  #reloading: Promise<unknown> = Promise.resolve()

  constructor(options: DaemonOptions) {
    this.#options = options
    this.#log = options.log
    this.#site = options.site
    this.#store = openStore(storeFile(options.dir), tables, (salvaged) =>
      options.log.error(salvaged, 'the store was damaged: what can be read is kept'),
    )
    const { desk, renewals } = openContracts(
      { ...options, database: this.#store },
      () => ({
        ...{ subscribers: this.#subscribers, loop: this.#loop },
        ...{ mirroring: this.#mirroring, streams: this.#streams, ami: this.#link.ami },
      }),
    )
    this.#contracts = desk
    this.#renewals = renewals
    this.#subscribers = new Subscribers(
      desk.effective(options.site),
      this.#store,
      Date.now,
    )
    const { damaged } = this.#subscribers
    const initial = 'settings were damaged: the site file holds for them'
    if (damaged > 0) options.log.error({ damaged }, initial)
    this.#streams = new EventStreams(() => this.#loop.directory)
    this.#metrics = new Metrics({
      state: () => this.#loop.state,
      directory: () => this.#loop.directory,
      connected: () => this.isConnected,
      streams: () => this.#streams,
      records: () => this.#recorder,
    })
    this.#recorder = new CallRecorder(options.dir, {
      log: options.log,
      directory: () => this.#loop.directory,
      timeZone: () => this.#site.site.timeZone,
    })
    const counts = new CountKeeper(this.#store, options.log)
    this.#loop = new Loop(counts.resumed(initialState), this.#subscribers.directory, {
      log: options.log,
      setTransferGate: (leg, open) => this.#gates.set(leg, open),
      changeSettings: codeDoor(() => this.#settings, options.log),
      watcher: watchers({
        ...{ metrics: this.#metrics, streams: this.#streams, recorder: this.#recorder },
        ...{ settings: () => this.#settings, counts, onBeat: options.onBeat },
      }),
    })
    const { ari, ami } = options.site.asterisk
    const { ariPassword, amiPassword } = openDeployment(options.dir)
    const end = { ...ari, password: ariPassword }
    const login = { ...ami, username: 'linekeeper', password: amiPassword }
    this.#firstMirror = new Promise((resolve) => {
      this.#mirrored = resolve
    })
    this.#link = new AmiLink(login, options.log)
    this.#gates = new TransferGates(() => this.#link.ami, options.log)
    this.#session = new Session(end, this.#loop, options.log)
    this.#live = new LiveLines(this.#loop, this.#session, desk)
    const inForce = {
      site: () => this.#subscribers.site,
      line: (number: string) => this.#subscribers.directory.lines.get(number),
    }
    this.#mirroring = new Mirroring(inForce, options.log)
    this.#settings = new SettingsDesk({
      ...{ subscribers: this.#subscribers, loop: this.#loop, mirroring: this.#mirroring },
      ...{ streams: this.#streams, metrics: this.#metrics, log: options.log },
      ami: () => this.#link.ami,
    })
    const places = { link: this.#link, session: this.#session, database: this.#store }
    this.#voicemail = new VoicemailDesk({ ...options, ...places, site: inForce.site })
  }

  /** Listens for the API first, so that a second controller on the same site stops here. */
  async start(): Promise<void> {
    const { calendar, dir, log, onFirstPassword } = this.#options
    const clock = new Date(calendar.now()).toISOString()
    if (!isPlausible(calendar.now())) log.warn({ clock }, 'the clock cannot be right')
    const { server, told } = await openWebDoor({
      ...{ address: this.#site.http, dir, log, onFirstPassword, store: this.#store },
      ...{ controller: this, metrics: this.#metrics, streams: this.#streams },
      ...{ records: this.#recorder, settings: this.#settings },
      ...{ contracts: this.#contracts, voicemails: this.#voicemail },
      site: () => this.#subscribers.site,
      diagnoses: new DiagnosisDesk({
        ...{ dir, link: this.#link, session: this.#session, loop: this.#loop },
        site: () => this.#site,
      }),
    })
    this.#server = server
    await this.#recorder.resume()
    // What became due while nobody ran counts before the first call is decided.
    this.#renewals.look()
    this.#voicemail.start()
    this.#link.open((ami) => {
      this.#gates.connected(ami)
      this.#toAsk = ami
      this.#askPhones()
      void this.#mirroring.all(ami).then(this.#mirrored)
      void recallEmergencies(ami, this.#log, (line, agoMs) => {
        this.#loop.tell({ kind: 'calledEmergency', line, agoMs })
      })
    })
    this.#session.open((asterisk) => {
      this.#log.info({ asterisk }, 'connected to Asterisk')
      this.#askPhones()
      // Calls are decided already; the degraded path should know the site as well.
      const tooLong = pause(MIRROR_WAIT_MS, undefined, { ref: false })
      const mirrored = Promise.race([this.#firstMirror, tooLong])
      void Promise.all([mirrored, told]).then(this.#options.onReady)
    })
  }

  /**
   * Once at each AMI connection, when ARI is there too: it answers when Asterisk has
   * started. What a phone says before is lost, and it is taken for unreachable 3 s later.
   */
  #askPhones(): void {
    const ami = this.#toAsk
    if (!ami || !this.#session.ari) return
    this.#toAsk = undefined
    askPhones(ami).catch((error: unknown) =>
      this.#log.warn({ err: error }, 'AMI: the phones could not be asked'),
    )
  }

  async stop(): Promise<void> {
    this.#renewals.stop()
    await this.#voicemail.stop()
    this.#session.close()
    this.#link.close()
    await this.#server?.close()
    await this.#recorder.close()
    this.#store.close()
  }

  get isConnected(): boolean {
    return this.#session.standing.state === 'connected'
  }

  status(): Status {
    const { calendar, dir } = this.#options
    const { since, version: asterisk } = this.#session.standing
    return {
      version,
      pid: process.pid,
      asterisk: {
        version: asterisk ?? null,
        connected: this.isConnected,
        since: new Date(since).toISOString(),
      },
      degraded: !this.isConnected,
      site: this.#site.site.name,
      generation: generationOf(dir),
      clock: {
        now: new Date(calendar.now()).toISOString(),
        rehearsed: calendar.rehearsed,
        plausible: isPlausible(calendar.now()),
      },
    }
  }

  lines(): Promise<LineView[]> {
    return this.#live.all()
  }

  canonical(number: string): string | undefined {
    return this.#live.of(number)?.number
  }

  line(number: string): Promise<LineView | undefined> {
    return this.#live.line(number)
  }

  why(number: string): Promise<WhyView | undefined> {
    return this.#live.why(number)
  }

  calls(): Promise<CallView[]> {
    return this.#live.calls()
  }

  /** Asterisk opens its logs by their names again. Rejects where it does not answer. */
  async reopenLogs(): Promise<void> {
    const { ami } = this.#link
    if (!ami) throw new AsteriskUnreachable('AMI: not connected')
    await reload(ami, 'logger')
  }

  /** One at a time: a reload that began later has read the newer file. */
  reload(): Promise<Reloaded> {
    const reloaded = this.#reloading.then(() => this.#reload())
    this.#reloading = reloaded.catch(() => undefined)
    return reloaded
  }

  async #reload(): Promise<Reloaded> {
    const loaded = await loadSiteAside(this.#options.siteFile, this.#site)
    if (loaded.kind === 'refused') return { kind: 'refused', findings: loaded.findings }
    this.#site = loaded.site
    this.#contracts.use(loaded.site)
    this.#subscribers.use(this.#contracts.effective(loaded.site))
    this.#loop.use(this.#subscribers.directory)
    const { ami } = this.#link
    if (ami) await this.#mirroring.changes(ami)
    this.#log.info({ lines: loaded.site.lines.length }, 'site reloaded')
    return { kind: 'reloaded', lines: loaded.site.lines.length }
  }
}
