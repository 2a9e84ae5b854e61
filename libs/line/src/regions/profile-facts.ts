import type { Fact } from './fact.ts';
import type { LineProfile } from './line-profile.ts';

/** The facts of a line's profile by name; those that are not known are not there. */
export function profileFacts({ ringing, callerId, termination, dialing, supervision }: LineProfile): ReadonlyMap<ProfileFactName, Fact<unknown>> {
  const facts: Readonly<Record<ProfileFactName, Fact<unknown> | undefined>> = {
    ringCadence: ringing?.cadence,
    distinctiveRinging: ringing?.distinctive,
    ringFrequency: ringing?.frequency,
    ringVoltage: ringing?.voltage,
    callerId,
    acTermination: termination?.ac,
    dcTermination: termination?.dc,
    flash: dialing?.flash,
    pulse: dialing?.pulse,
    disconnect: supervision?.disconnect,
    answerReversal: supervision?.answerReversal,
  };
  return new Map(profileFactNames.flatMap((name) => (facts[name] === undefined ? [] : [[name, facts[name]] as const])));
}

export type ProfileFactName = (typeof profileFactNames)[number];

export const profileFactNames = [
  'ringCadence', 'distinctiveRinging', 'ringFrequency', 'ringVoltage', 'callerId', 'acTermination', 'dcTermination', 'flash', 'pulse', 'disconnect', 'answerReversal',
] as const;

/** Whether there is a fact for all that a line needs, of whatever confidence: for everything but what few networks have, or few sources say. */
export function isComplete(profile: LineProfile): boolean {
  const known = profileFacts(profile);
  return profileFactNames.every((name) => known.has(name) || seldomKnown.includes(name));
}

const seldomKnown: readonly ProfileFactName[] = ['distinctiveRinging', 'ringFrequency', 'ringVoltage', 'answerReversal'];
