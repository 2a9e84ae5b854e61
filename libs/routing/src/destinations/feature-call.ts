import type { Extension, Feature } from '@tipring/config';
import type { Attempt } from '@tipring/telephony';
import { type Call, type Passing, refused, routed, type Verdict } from '../call.ts';
import type { DialledFeature } from '../numbers/feature-index.ts';
import { answeredBy, callApplication } from './application-call.ts';
import { callerFault } from './caller-lists.ts';
import { Ringing } from './telephones.ts';

/** Whether it is no matter of a telephone inside. */
export function isOpenToAll(feature: Feature): boolean {
  return openToAll.has(feature);
}

/** A code was dialled. Most are applications: `feature:forwardAlways:105`. */
export function callFeature({ feature, argument }: DialledFeature, passing: Passing, call: Call): Verdict {
  const { talker, office: { snapshot }, trace } = call;
  const what = { kind: 'feature', id: null, key: feature } as const;
  const refuse = (code: string, text: string): Verdict => {
    trace.tell(what, 'refused', code, text);
    return refused(code === 'nobody' ? 'unallocatedNumber' : 'notAllowed', text);
  };
  // Also of who is sent there by somebody inside: it is done for whoever talks.
  if (talker.is !== 'extension' && !isOpenToAll(feature)) return refuse('notInside', `${feature} is for telephones inside alone`);
  const called = snapshot.extensionByNumber(argument);
  if (called === undefined && ofExtensions.has(feature)) return refuse('nobody', `no extension has the number ${argument}`);
  switch (feature) {
    case 'echoTest':
    case 'milliwatt':
    case 'speakingClock':
      return callApplication({ type: 'application', name: feature }, passing, call);
    case 'directory': {
      const [directory] = snapshot.directories.values();
      return directory === undefined ? refuse('nobody', 'there is no directory') : callApplication({ type: 'directory', id: directory.id }, passing, call);
    }
    case 'leaveMessage':
      return called!.voicemailBoxId === null ? refuse('nobody', `${argument} has no voicemail box`) : callApplication({ type: 'voicemail', id: called!.voicemailBoxId }, passing, call);
    case 'intercom':
      return intercom(called!, passing, call);
    case 'listen':
    case 'whisper':
    case 'barge':
      if (talker.is === 'extension' && !talker.extension.supervises.includes(called!.id)) return refuse('notAllowed', `${talker.extension.number} may not listen to calls of ${argument}`);
      break;
    case 'retrieve':
      if (snapshot.destinationByNumber(argument)?.slot !== argument) return refuse('nobody', `${argument} is no slot of a parking lot`);
      break;
    default:
  }
  return answeredBy({ endpoint: `feature:${feature}:${argument}`, what, displayName: argument === '' ? feature : `${feature} ${argument}`, number: call.request.number }, passing, call);
}

/** Its telephones answer by themselves, or nothing happens. */
function intercom(extension: Extension, passing: Passing, call: Call): Verdict {
  const { id, key, number, isDoNotDisturb } = extension;
  const { state, trace } = call;
  const what = { kind: 'extension', id, key } as const;
  const fault = callerFault(extension, passing, call);
  const why =
    fault.is === 'refused' ? fault.text
    : isDoNotDisturb && fault.is !== 'allowed' ? `${number} is not to be disturbed`
    : state.extensionState(id) === 'busy' || state.extensionState(id) === 'ringing' ? `${number} is in a call` : undefined;
  if (why !== undefined) {
    trace.tell(what, 'refused', 'noIntercom', why);
    return refused(fault.is === 'refused' ? 'rejected' : 'userBusy', why);
  }
  trace.tell(what, 'matched', 'intercom', `telephones of ${number} answer by themselves`);
  const ringing = new Ringing(passing, call);
  ringing.addExtension(extension, 0, INTERCOM_MS, `intercom ${number}`);
  const { endpoints } = ringing.telephones;
  if (endpoints.length === 0) return refused('subscriberAbsent', `extension ${number} has no device and no station that is enabled`);
  const attempt: Attempt = { endpoints, number, name: `intercom ${number}`, timeoutMs: INTERCOM_MS, answerMode: 'auto' };
  return routed({ direction: 'internal', attempts: [attempt] }, number, 'internal', null);
}

const openToAll: ReadonlySet<Feature> = new Set(['voicemailOf', 'directory', 'echoTest', 'milliwatt', 'speakingClock']);
/** Behind the code the number of an extension is dialled. */
const ofExtensions: ReadonlySet<Feature> = new Set(['leaveMessage', 'intercom', 'pickup', 'callBack', 'listen', 'whisper', 'barge']);
/** A telephone that cannot answer by itself rings so long. */
const INTERCOM_MS = 20_000;
