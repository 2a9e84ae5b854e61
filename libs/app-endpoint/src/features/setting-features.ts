import type { Destination, Extension, Snapshot, WakeUp } from '@tipring/config';
import type { PhraseId, Said } from '@tipring/prompts';
import type { ExtensionPatch } from '../office-changes.ts';
import type { LocalTime } from '../wall-clock.ts';
import type { FeatureAnswer } from './feature.ts';
import type { FeatureCaller } from './feature-caller.ts';

interface Setting {
  readonly patch: ExtensionPatch;
  readonly said: readonly Said[];
}

/** What a code changes of the extension it is dialled from; null: it is no setting. */
export function patchOf(caller: FeatureCaller): Setting | FeatureAnswer | null {
  const { extension, ask } = caller;
  switch (ask.feature) {
    case 'forwardAlways':
    case 'forwardBusy':
    case 'forwardNoAnswer':
    case 'forwardUnreachable':
      return forwards(caller, forwardings[ask.feature]);
    case 'forwardAlwaysOff':
    case 'forwardBusyOff':
    case 'forwardNoAnswerOff':
    case 'forwardUnreachableOff': {
      const { when, phrase } = forwardings[ask.feature];
      return { patch: { forwarding: { ...extension.forwarding, [when]: null } }, said: [{ phrase }, { phrase: 'common.off' }] };
    }
    case 'followMe':
    case 'followMeOff':
      return onOrOff({ followMe: { ...extension.followMe, isEnabled: ask.feature === 'followMe' } }, 'feature.followMe', ask.feature === 'followMe');
    case 'doNotDisturb':
    case 'doNotDisturbOff':
      return onOrOff({ isDoNotDisturb: ask.feature === 'doNotDisturb' }, 'feature.doNotDisturb', ask.feature === 'doNotDisturb');
    case 'callWaiting':
    case 'callWaitingOff':
      return onOrOff({ isCallWaiting: ask.feature === 'callWaiting' }, 'feature.callWaiting', ask.feature === 'callWaiting');
    case 'lock':
    case 'unlock':
      return { patch: { calling: { ...(extension.calling ?? { permissionId: null, locationId: null, shownNumber: null }), isLocked: ask.feature === 'lock' } }, said: [{ phrase: ask.feature === 'lock' ? 'feature.locked' : 'feature.unlocked' }] };
    case 'blockCaller':
    case 'unblockCaller':
      return blocks(caller, ask.feature);
    case 'wakeUp':
      return wakes(caller);
    case 'wakeUpOff':
      return { patch: { wakeUps: [] }, said: [{ phrase: 'feature.wakeUpOff' }] };
    default:
      return null;
  }
}

function onOrOff(patch: ExtensionPatch, phrase: PhraseId, isOn: boolean): Setting {
  return { patch, said: [{ phrase }, { phrase: isOn ? 'common.on' : 'common.off' }] };
}

function forwards({ extension, ask, ports }: FeatureCaller, { when, phrase }: Forwarded): Setting | FeatureAnswer {
  const destination = destinationOf(ask.argument, extension, ports.snapshot());
  if (destination === undefined) return { said: [{ phrase: 'common.noSuchNumber' }], then: 'again' };
  return { patch: { forwarding: { ...extension.forwarding, [when]: destination } }, said: [{ phrase }, { phrase: 'common.to' }, { digits: ask.argument }, { phrase: 'common.on' }] };
}

/** What has the number inside, else the number as one outside; a call for help is nobody's forwarding, and nobody forwards to himself. */
function destinationOf(number: string, extension: Extension, snapshot: Snapshot): Destination | undefined {
  if (number === extension.number || !/^\+?[0-9]{2,32}$/.test(number)) return undefined;
  const inside = snapshot.destinationByNumber(number);
  if (inside !== undefined) return inside.slot === null ? inside.destination : undefined;
  return number.length < shortestOutside ? undefined : { type: 'number', number };
}

function blocks({ extension, ask, ports }: FeatureCaller, feature: 'blockCaller' | 'unblockCaller'): Setting | FeatureAnswer {
  const number = ask.argument === '' ? ports.lastCallers.of(extension.id) : ask.argument;
  if (number === undefined || !/^\+?[0-9]{2,32}$/.test(number)) return { said: [{ phrase: 'common.noSuchNumber' }], then: 'again' };
  const { callers } = extension;
  const others = callers.blocked.filter((one) => one !== number);
  const blocked = feature === 'blockCaller' ? [...others, number] : others;
  return { patch: { callers: { ...callers, blocked } }, said: [{ digits: number }, { phrase: feature === 'blockCaller' ? 'feature.callerBlocked' : 'feature.callerUnblocked' }] };
}

/** Once, when the clock shows this time next. Those that are over are forgotten with it. */
function wakes({ extension, ask, ports }: FeatureCaller): Setting | FeatureAnswer {
  const [hour, minute] = [Number(ask.argument.slice(0, 2)), Number(ask.argument.slice(2))];
  if (!/^[0-9]{4}$/.test(ask.argument) || hour > 23 || minute > 59) return { said: [{ phrase: 'feature.noSuchTime' }], then: 'again' };
  const now = ports.clock.now();
  const today = ports.clock.local(now);
  const isToday = hour * 60 + minute > today.hour * 60 + today.minute;
  const day = isToday ? today : ports.clock.local(now + dayMs);
  const wakeUp: WakeUp = { time: `${ask.argument.slice(0, 2)}:${ask.argument.slice(2)}`, on: dateOf(day) };
  const left = extension.wakeUps.filter((one) => ('days' in one ? true : one.on >= dateOf(today) && !(one.on === wakeUp.on && one.time === wakeUp.time)));
  return { patch: { wakeUps: [...left.slice(-mostWakeUps + 1), wakeUp] }, said: [{ phrase: 'feature.wakeUpAt' }, { time: { hour, minute } }] };
}

function dateOf({ year, month, day }: LocalTime): string {
  return `${year}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
}

interface Forwarded {
  readonly when: keyof Extension['forwarding'];
  readonly phrase: PhraseId;
}

const forwardings = {
  forwardAlways: { when: 'always', phrase: 'feature.forwardAlways' },
  forwardAlwaysOff: { when: 'always', phrase: 'feature.forwardAlways' },
  forwardBusy: { when: 'busy', phrase: 'feature.forwardBusy' },
  forwardBusyOff: { when: 'busy', phrase: 'feature.forwardBusy' },
  forwardNoAnswer: { when: 'noAnswer', phrase: 'feature.forwardNoAnswer' },
  forwardNoAnswerOff: { when: 'noAnswer', phrase: 'feature.forwardNoAnswer' },
  forwardUnreachable: { when: 'unreachable', phrase: 'feature.forwardUnreachable' },
  forwardUnreachableOff: { when: 'unreachable', phrase: 'feature.forwardUnreachable' },
} as const satisfies Readonly<Record<string, Forwarded>>;

/** A number inside that does not exist is not one outside: emergency numbers are as short. */
const shortestOutside = 6;
const mostWakeUps = 50;
const dayMs = 86_400_000;
