import type { Line, Trunk } from '@tipring/config';
import type { Attempt, AvailabilityState } from '@tipring/telephony';
import type { Call } from '../call.ts';
import { type CallerOutside, shownBy } from '../ways/shown-caller.ts';
import { attemptOf, LINE_MS, liveState, TRUNK_MS, type Way } from '../ways/way.ts';
import type { EmergencyCall } from './emergency-numbers.ts';

/** A way for an emergency call, and whether it may take what it needs from others. */
interface EmergencyWay extends Way {
  readonly priority: 'emergency' | undefined;
}

/**
 * Every line and trunk that is not switched off, the best first. By the site's policy: free lines, then lines whose call can be taken away from its talkers, then trunks; or trunks first. What
 * looks dead comes after all that does not, and is tried nevertheless.
 * @param shown the number that help is to call back, E.164
 */
export function emergencyAttempts(emergency: EmergencyCall, shown: string | null, call: Call): readonly Attempt[] {
  const { office, state, trace } = call;
  const { settings, trunks } = office.snapshot;
  const { path, preempts } = settings.emergency;
  const mayPreempt = preempts && !emergency.isTest;

  const [free, busy, doubtful, carriers, dead]: [EmergencyWay[], EmergencyWay[], EmergencyWay[], EmergencyWay[], EmergencyWay[]] = [[], [], [], [], []];
  for (const line of linesFor(emergency, call)) {
    const live = liveState(line.id, state);
    const isTaken = live.state === 'busy' && state.availability(line.id)?.isEmergency === true;
    const way = lineWay(line, emergency, live, mayPreempt ? 'emergency' : undefined);
    if (!line.isEnabled) trace.candidate({ ...way, state: 'disabled', stateText: 'the line is switched off in the configuration' }, false);
    else if (isFree(live.state)) free.push(way);
    // The adapter calls a line disabled that nobody has commissioned: for this call it is good enough.
    else if (live.state === 'disabled' && !line.isCommissioned) free.push(way);
    else if (live.state === 'busy' && mayPreempt && !isTaken) busy.push(way);
    else doubtful.push(way);
  }
  // Who calls for help is not anonymous.
  const { anonymous: _anonymous, ...party } = call.request.from;
  const caller = { party, own: null, main: settings.site.mainNumber };
  for (const trunk of trunks.values()) {
    const live = liveState(trunk.id, state);
    const way = trunkWay(trunk, emergency, live, shown, caller, call);
    if (!trunk.isEnabled) trace.candidate({ ...way, state: 'disabled', stateText: 'the trunk is switched off in the configuration' }, false);
    // Back to where it came from it would most likely come again.
    else (live.state === 'down' || live.state === 'absent' || live.state === 'disabled' || trunk.id === call.request.endpoint ? dead : carriers).push(way);
  }
  for (const ways of [free, doubtful, carriers]) ways.sort((a, b) => readiness[a.state] - readiness[b.state]);

  const ordered = path === 'analogFirst' ? [...free, ...busy, ...carriers, ...doubtful, ...dead] : [...carriers, ...free, ...busy, ...doubtful, ...dead];
  for (const way of ordered) trace.candidate(way, true);
  return ordered.map((way) => attemptOf(way, way.priority));
}

/** Those whose exchange knows the number first, and of these those that somebody has tried. */
function linesFor({ number }: EmergencyCall, { office }: Call): readonly Line[] {
  const ranked: [Line[], Line[], Line[], Line[]] = [[], [], [], []];
  for (const line of office.snapshot.lines.values()) ranked[office.emergency.isOf(line.region, number) ? (line.isCommissioned ? 0 : 1) : line.isCommissioned ? 2 : 3].push(line);
  return ranked.flat();
}

function lineWay({ id, key, number }: Line, emergency: EmergencyCall, live: Pick<Way, 'state' | 'stateText'>, priority: 'emergency' | undefined): EmergencyWay {
  return { endpoint: id, kind: 'line', key, via: 'emergency', state: live.state, stateText: live.stateText, number: emergency.number, shown: number ?? null, cost: null, timeoutMs: LINE_MS, priority };
}

/** No form is made of an emergency number: every carrier knows it as it is. */
function trunkWay(trunk: Trunk, emergency: EmergencyCall, live: Pick<Way, 'state' | 'stateText'>, shown: string | null, caller: CallerOutside, { office }: Call): EmergencyWay {
  const from = shownBy(trunk, shown, caller, office.numbering, office.snapshot.settings.site.country);
  return {
    endpoint: trunk.id, kind: 'trunk', key: trunk.key, via: 'emergency', state: live.state, stateText: live.stateText, number: emergency.number, shown: from.number, from, cost: null, timeoutMs: TRUNK_MS,
    priority: emergency.isTest ? undefined : 'emergency',
  };
}

function isFree(state: Way['state']): boolean {
  return state === 'ready' || state === 'degraded' || state === 'resting' || state === 'unknown';
}

/** Within lines and within trunks; the lower the sooner. */
const readiness: Readonly<Record<AvailabilityState | 'unknown', number>> = { ready: 0, unknown: 1, degraded: 2, disabled: 3, resting: 4, full: 5, inUseElsewhere: 6, busy: 7, absent: 8, down: 9 };
