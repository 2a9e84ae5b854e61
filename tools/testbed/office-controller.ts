import type { Timers } from '@tipring/clock';
import type { GatewayEvent, PortGatewayEvent, TerminationId } from '@tipring/gateway';
import { LineEndpoints, type LineEndpointsPorts, type PortGateway, type Plans } from '@tipring/line-endpoint';
import { type CallMedia, type CallRecord, type Endpoint, Exchange, FakeEndpoint, type Hearing, type HeldContext, type MediaProfile, type MediaQuality, type Offer, type Party, type RouteOutcome, type RouteRequest } from '@tipring/telephony';
import type { IpPhone } from './ip-phone.ts';
import type { LegLedger } from './leg-ledger.ts';
import { MortalTimers } from './mortal-timers.ts';
import type { OfficeCommand, OfficeController, OfficeGateway } from './office-gateway.ts';

export const anyMedia: MediaProfile = { codecs: [{ name: 'PCMA', clockRate: 8000 }, { name: 'PCMU', clockRate: 8000 }], digits: 'rtpEvent' };

export interface ControllerSettings {
  /** Of call ids: another for each life. */
  readonly life: string;
  readonly plans: Plans;
  readonly phones: ReadonlyMap<string, IpPhone>;
  readonly ledger: LegLedger;
  resolve(request: RouteRequest): RouteOutcome;
}

/** Lines, stations and calls, as `apps/pbx` has them, on the office's gateway. */
export class Controller implements OfficeController {
  readonly lines: LineEndpoints;
  readonly exchange: Exchange;
  readonly records: CallRecord[] = [];
  readonly offers: { readonly at: number; readonly endpoint: string; readonly from: Party; readonly number: string }[] = [];
  readonly incidents: string[] = [];
  readonly bugs: string[] = [];
  /** New ones, by extension. */
  readonly messages = new Map<string, number>();
  readonly timers: MortalTimers;
  readonly #media: OfficeMedia;

  constructor(gateway: OfficeGateway, timers: Timers, { life, plans, phones, ledger, resolve }: ControllerSettings) {
    this.timers = new MortalTimers(timers);
    this.#media = new OfficeMedia(gateway, this);
    const log: LineEndpointsPorts['log'] = { incident: (id, what, text) => this.incidents.push(`${id} ${what}: ${text}`), bug: (id, error) => this.bugs.push(`${id}: ${String(error)}`) };
    const offer = (offered: Offer): string => {
      this.offers.push({ at: timers.now(), endpoint: offered.endpoint, from: offered.from, number: offered.number });
      return this.exchange.offer(ledger.offer(offered));
    };
    this.lines = new LineEndpoints({ gateway: this.#media, exchange: { offer }, log, messages: (extension) => ({ new: this.messages.get(extension) ?? 0, urgent: 0 }) }, this.timers, { localTime: () => ({ month: 11, day: 23, hour: 0, minute: 30 }) });
    let ids = 0;
    const find = (id: string): readonly Endpoint[] => {
      const phone = phones.get(id);
      const found = phone === undefined ? this.lines.find(id) : [phone];
      return (found.length > 0 ? found : [new FakeEndpoint(id, this.timers, { refuse: 'outOfOrder' })]).map((endpoint) => ledger.endpoint(endpoint));
    };
    this.exchange = new Exchange(
      { routes: { resolve }, endpoints: { find }, media: this.#media, records: { begun: () => {}, ended: (record) => this.records.push(record) } },
      this.timers,
      {
        wallClock: () => 1_700_000_000_000 + timers.now(), newId: () => `${life}-${++ids}`, media: anyMedia, transcoded: [], setupMs: 180_000, silenceMs: 600_000, releasingMs: 5_000,
        bug: ({ error }) => this.bugs.push(error instanceof Error ? (error.stack ?? error.message) : String(error)),
      },
    );
    this.lines.configure(plans);
    gateway.controlledBy(this);
    // What was up is taken back before the ports are asked for.
    gateway.send(this, { do: 'audit' }, ({ reply }) => this.exchange.adopt((reply as { contexts: HeldContext[] }).contexts));
    this.lines.gatewayState('up');
  }

  /** Terminations that are listened to: 0 once all calls are over. */
  get listeners(): number {
    return this.#media.size;
  }

  /** As by a kill: nothing of it is heard any more. */
  die(): void {
    this.timers.die();
  }

  event(event: GatewayEvent): void {
    this.#media.tell(event);
  }

  portEvent(event: PortGatewayEvent): void {
    this.lines.portEvent(event);
  }
}

/** What `GatewayMedia` is in `apps/pbx`. */
class OfficeMedia implements CallMedia, PortGateway {
  readonly state = 'up';
  readonly send: PortGateway['send'];
  readonly #send: (command: OfficeCommand, done?: (reply: unknown) => void) => void;
  readonly #listeners = new Map<TerminationId, (event: GatewayEvent) => void>();

  constructor(gateway: OfficeGateway, controller: OfficeController) {
    this.#send = (command, done) => gateway.send(controller, command, ({ reply }) => done?.(reply));
    this.send = (command, done) => gateway.send(controller, command, ({ reply, refusal }) => done?.(reply as never, refusal));
  }

  get size(): number {
    return this.#listeners.size;
  }

  listen(termination: TerminationId, listener: (event: GatewayEvent) => void): void {
    this.#listeners.set(termination, listener);
  }

  unlisten(termination: TerminationId): void {
    this.#listeners.delete(termination);
  }

  tell(event: GatewayEvent): void {
    this.#listeners.get(event.termination)?.(event);
  }

  connect(context: string, { joined }: Hearing): void {
    this.#send({ do: 'topology', context, joined });
  }

  move(context: string, termination: TerminationId, to: string): void {
    this.#send({ do: 'move', context, termination, to });
  }

  // There are no players here.
  onRecorded = (): void => {};
  addPlayer(): void {}
  music(): void {}
  record(): void {}
  recording(): void {}

  attach(context: string, blob: string): void {
    this.#send({ do: 'attach', context, blob });
  }

  drop(context: string, termination: TerminationId): void {
    this.#send({ do: 'subtract', context, termination });
  }

  release(context: string, done: (quality: Readonly<Record<TerminationId, MediaQuality>> | null) => void): void {
    this.#send({ do: 'release', context }, (reply) => done(reply === null ? null : {}));
  }
}
