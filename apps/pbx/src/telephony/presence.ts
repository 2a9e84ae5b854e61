import type { Timers } from '@tipring/clock';
import type { Snapshot } from '@tipring/config';
import type { LineEndpoints, LineEvent, Live, MessagesWaiting } from '@tipring/line-endpoint';
import { PresenceAgent } from '@tipring/presence';
import { DeviceSubscriptions, type SipEndpoints, type TrunkEndpoints } from '@tipring/sip-endpoint';
import type { AvailabilityState, EndpointId, Exchange } from '@tipring/telephony';
import type { LiveConfiguration, MessageStore } from '@tipring/store';
import type { Logger } from 'pino';
import { KeptSubscriptions } from './kept-subscriptions.ts';
import { unguessable } from './unguessable.ts';
import { watchedIn } from './watched.ts';

export interface OfficePresenceParts {
  readonly configuration: LiveConfiguration;
  readonly endpoints: SipEndpoints;
  readonly trunks: TrunkEndpoints;
  readonly exchange: Exchange;
  readonly messages: Pick<MessageStore, 'counts' | 'observe'>;
  readonly dataFolder: string;
  /** Host part of our addresses. */
  readonly domain: string;
  readonly timers: Timers;
  readonly log: Logger;
}

/** Who is what now, and who is told of it. */
export interface OfficePresence {
  readonly agent: PresenceAgent;
  readonly subscriptions: DeviceSubscriptions;
  /** A device has registered, or is not registered any more. */
  registered(device: EndpointId): void;
  /** In the mailbox of an extension; none where it has none. */
  messagesOf(extensionId: string): MessagesWaiting;
  /** Once registrations are loaded. */
  begin(analog: LineEndpoints): void;
  /** Calls of an earlier process were taken back, or are not to be had: its watchers are told how things are. Once; also before `begin`. */
  callsKnown(): void;
  close(): void;
}

/** The presence agent among what it hears of, and the telephones that watch. */
export function officePresence({ configuration, endpoints, trunks, exchange, messages, dataFolder, domain, timers, log }: OfficePresenceParts): OfficePresence {
  const agent = new PresenceAgent(Date.now);
  const subscriptions = new DeviceSubscriptions(
    {
      presence: agent,
      mailboxOf: ({ extension }) => configuration.snapshot.extensionByNumber(extension)?.voicemailBoxId ?? undefined,
      sessions: endpoints.surroundings.sessions,
      timers,
      wallClock: Date.now,
      random: unguessable,
      asked: () => kept.changed(),
    },
    { domain },
  );
  const kept = new KeptSubscriptions(dataFolder, () => subscriptions.snapshots(), timers, log);

  let analog: LineEndpoints | undefined;
  const registered = (device: EndpointId): void => {
    const isEnabled = configuration.snapshot.devices.get(device)?.enabled === true;
    const isReachable = isEnabled && endpoints.bindings.of(device).length > 0;
    agent.reach(device, isReachable, isEnabled ? 'not registered' : 'disabled');
  };
  const available = (id: EndpointId): void => {
    const availability = analog?.availability(id) ?? trunks.availability(id);
    if (availability === undefined) return agent.reach(id, false, 'not in service');
    agent.reach(id, !outOfService.has(availability.state), availability.text);
    agent.occupy(id, availability.state === 'inUseElsewhere' ? 'confirmed' : isOffHook(analog?.live(id)) ? 'trying' : null);
  };
  const count = (box: string): void => {
    const { new: fresh, heard, urgent } = messages.counts(box);
    agent.messages(box, { new: fresh, old: heard, newUrgent: urgent, oldUrgent: 0 });
  };
  const configure = (snapshot: Snapshot): void => {
    agent.configure(watchedIn(snapshot), exchange.calls());
    for (const { id } of snapshot.devices.values()) registered(id);
    for (const { id } of [...snapshot.stations.values(), ...snapshot.lines.values(), ...snapshot.trunks.values()]) available(id);
    for (const id of snapshot.voicemailBoxes.keys()) count(id);
  };

  let calls: 'unknown' | 'known' | 'told' = 'unknown';
  const goOn = (): void => {
    if (calls !== 'known' || analog === undefined) return;
    calls = 'told';
    subscriptions.adopt(kept.load(), (device) => configuration.snapshot.devices.get(device)?.enabled === true);
  };

  const leave = [
    exchange.observe((event) => agent.hear(event)),
    trunks.observe(({ id }) => available(id)),
    messages.observe(count),
    configuration.observe((snapshot, changes) => {
      for (const change of changes) if (change.kind === 'device' && (change.change === 'removed' || (change.change === 'changed' && !change.after.enabled))) subscriptions.end(change.id);
      if (changes.some(({ kind }) => watchable.has(kind))) configure(snapshot);
    }),
    agent.observe((id, view) => {
      if (view === null || view.messages === null) return;
      for (const extension of configuration.snapshot.extensions.values()) if (extension.voicemailBoxId === id) analog?.messagesChanged(extension.id);
    }),
  ];

  return {
    agent,
    subscriptions,
    registered,
    messagesOf(extensionId) {
      const box = configuration.snapshot.extensions.get(extensionId)?.voicemailBoxId;
      const counts = box === undefined || box === null ? undefined : agent.view(box)?.messages;
      return { new: counts?.new ?? 0, urgent: counts?.newUrgent ?? 0 };
    },
    begin(lines) {
      analog = lines;
      leave.push(lines.observe((event: LineEvent) => available(event.type === 'state' ? event.live.id : event.id)));
      configure(configuration.snapshot);
      goOn();
    },
    callsKnown() {
      if (calls === 'unknown') calls = 'known';
      goOn();
    },
    close() {
      for (const end of leave) end();
      // Before that the file knows more.
      if (calls === 'told') kept.close();
      subscriptions.close();
    },
  };
}

function isOffHook(live: Live | undefined): boolean {
  return live?.kind === 'station' && live.hook === 'off';
}

/** A line in a call, or a trunk with all that it may have, is reached like a busy telephone. */
const outOfService: ReadonlySet<AvailabilityState> = new Set<AvailabilityState>(['absent', 'down', 'disabled']);
const watchable: ReadonlySet<string> = new Set(['extension', 'device', 'station', 'line', 'trunk', 'parkingLot', 'queue', 'voicemailBox']);
