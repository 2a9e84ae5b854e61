import type { PresenceView } from '@tipring/presence';
import type { Subscriber } from '@tipring/sip-endpoint';
import type { Snapshot } from '@tipring/config';
import { z } from 'zod';
import { Instant, instant } from './representations.ts';

export const WatchedKind = z.enum(['extension', 'station', 'line', 'trunk', 'parkingSlot', 'queue', 'mailbox']);
export const PresenceState = z.enum(['idle', 'calling', 'ringing', 'inUse', 'held']).meta({
  description: 'What a lamp shows of all its calls together. calling: it calls, or is off the hook; held: it has put all its calls on hold. A call that waits leaves it inUse; `dialogs` tells both',
});

const Counts = z.object({ new: z.int(), old: z.int(), newUrgent: z.int(), oldUrgent: z.int() }).meta({ id: 'MessageCounts', description: 'Urgent ones are among the others' });

const Dialog = z
  .object({
    id: z.string(),
    callId: z.string().nullable().meta({ description: 'null: in use without a call of ours, as a line with a telephone in parallel' }),
    direction: z.enum(['initiator', 'recipient']).meta({ description: 'Of this one: initiator began the call' }),
    state: z.enum(['trying', 'early', 'confirmed', 'held']).meta({ description: 'RFC 4235; held: confirmed, and the other side is on hold' }),
    remote: z.object({ number: z.string(), name: z.string().nullable(), anonymous: z.boolean() }).meta({ description: 'Who is at the other end' }),
    since: Instant,
  })
  .meta({ id: 'WatchedDialog' });

export const PresenceRepresentation = z
  .object({
    id: z.string().meta({ description: 'Of the extension, line …; of a parking slot LOT/SLOT' }),
    kind: WatchedKind,
    key: z.string(),
    number: z.string().nullable().meta({ description: 'By which telephones watch it, beside its key' }),
    name: z.string(),
    state: PresenceState,
    since: Instant,
    isReachable: z.boolean().meta({ description: 'False: not registered, no battery, out of service. An idle one that nobody could reach is not the same as an idle one' }),
    reachability: z.string().meta({ description: 'Why, for people' }),
    isDoNotDisturb: z.boolean().meta({ description: 'Of an extension: it does not want to be called' }),
    dialogs: z.array(Dialog).meta({ description: 'Its calls' }),
    messages: Counts.nullable().meta({ description: 'Of a mailbox' }),
    revision: z.int().meta({ description: 'Counts its changes since the start; `told.revision` of a subscriber is compared with it' }),
  })
  .meta({ id: 'Presence', description: 'What somebody or something is doing now, as those who watch it are told' });

export const SubscriberRepresentation = z
  .object({
    id: z.string(),
    deviceId: z.string(),
    username: z.string().nullable(),
    package: z.enum(['dialog', 'presence', 'message-summary']).meta({ description: 'dialog: a lamp (RFC 4235); presence (RFC 3856); message-summary: the message lamp (RFC 3842)' }),
    uri: z.string().meta({ description: 'What it asked for' }),
    peer: z.string().meta({ description: 'Where it asked from', examples: ['udp:192.168.1.31:5060'] }),
    since: Instant,
    expiresAt: Instant,
    told: z
      .object({
        at: Instant,
        version: z.int(),
        revision: z.int(),
        state: PresenceState,
        isReachable: z.boolean(),
        dialogs: z.array(z.object({ id: z.string(), state: z.enum(['trying', 'early', 'confirmed', 'held', 'terminated']) })),
        messages: Counts.nullable(),
        isAnswered: z.boolean().meta({ description: 'The telephone said that it has it' }),
      })
      .nullable()
      .meta({ description: 'The NOTIFY that was sent last; null: none yet' }),
    isCurrent: z.boolean().meta({ description: 'It has said that it has what holds now' }),
  })
  .meta({ id: 'PresenceSubscriber', description: 'A telephone that watches, and what it was told' });

export function presentPresence({ entity, state, since, reachability, dialogs, messages, revision }: PresenceView): z.infer<typeof PresenceRepresentation> {
  const { id, kind, key, number, name } = entity;
  return {
    id, kind, key, number, name, state, since: instant(since), isReachable: reachability.isReachable, reachability: reachability.text, isDoNotDisturb: entity.isDoNotDisturb === true, messages, revision,
    dialogs: dialogs.map(({ id, call, direction, state, remote, since }) => ({
      id, callId: call, direction, state, since: instant(since), remote: { number: remote.number, name: remote.name ?? null, anonymous: remote.anonymous === true },
    })),
  };
}

export function presentSubscriber(subscriber: Subscriber, { revision }: PresenceView, { devices }: Snapshot): z.infer<typeof SubscriberRepresentation> {
  const { id, watcher, uri, peer, since, expiresAt, told, isBehind } = subscriber;
  return {
    id, deviceId: watcher, username: devices.get(watcher)?.username ?? null, package: subscriber.package as z.infer<typeof SubscriberRepresentation>['package'], uri, peer, since: instant(since), expiresAt: instant(expiresAt),
    told: told === null ? null : { ...told.what, dialogs: [...told.what.dialogs], at: instant(told.at), version: told.version, isAnswered: told.isAnswered },
    isCurrent: told !== null && told.isAnswered && !isBehind && told.what.revision === revision,
  };
}
