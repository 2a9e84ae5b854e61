import type { Cause } from '@tipring/telephony';
import type { CallFacts } from './call-facts.ts';
import type { Severity, Verdict, VerdictCode } from './verdict.ts';
import { capital, seconds } from './words.ts';

/* What became of the call, and what is worth knowing of it. */

export function outcomeVerdicts(facts: CallFacts): readonly Verdict[] {
  return [...internal(facts), ...emergency(facts), ...failedOver(facts), ...transcoded(facts)];
}

/** Why nobody answered, where it is somebody's will or rule; to be told when nothing technical is. */
export function unanswered({ record, legs }: CallFacts): Verdict | null {
  if (record.answeredAt !== null) return null;
  const caller = legs.find(({ leg }) => leg.role === 'caller');
  const called = legs.filter(({ leg }) => leg.role === 'called');
  const refusal = record.story.find(({ type }) => type === 'refused');
  const say = (code: VerdictCode, severity: Severity, title: string, cause: string, remedy = ''): Verdict => ({
    code, severity, title, cause, remedy, legs: called.length > 0 ? called.map(({ leg }) => leg.id) : legs.map(({ leg }) => leg.id), evidence: [record.evidence.text],
  });
  if (refusal !== undefined) {
    if (nobodys.has(record.cause)) return say('unknownNumber', 'info', `Nobody has the number ${record.to}.`, record.evidence.text, 'Compare the number that was dialled with the extensions and routes there are; POST /routing/explain tells why none of them fits.');
    return say('refusedByRule', 'info', `The call was refused by a rule of this PBX: ${record.evidence.text}.`, 'A permission, a limit, a lock, a block list or a schedule says so.', 'POST /routing/explain with the same numbers tells which rule, and what would have to be different.');
  }
  const absent = called.filter(({ leg }) => leg.cause === 'subscriberAbsent');
  if (called.length > 0 && absent.length === called.length) {
    return say('notReachable', 'warning', `${capital(absent[0]?.name ?? 'the called party')} could not be reached: no telephone of it is registered.`, 'Its telephone is switched off, has no network, or does not sign in with the right user name and password.', 'See that it has power and network, and look for its address in GET /security/failures.');
  }
  if (record.evidence.kind === 'gateway' || record.evidence.kind === 'gatewayLost') return say('gatewayTrouble', 'error', 'There was no room for its audio in the media gateway.', record.evidence.text, 'Look at the gateway’s load and RTP ports in /metrics.');
  const last = caller?.leg.cause === 'normalClearing' && record.cause === 'normalClearing';
  if (last) return say('abandoned', 'info', 'The caller hung up before anybody answered.', `It had lasted ${seconds(record.endedAt - record.startedAt)}.`);
  const ordinary = ordinaries[record.cause];
  if (ordinary !== undefined) return say(ordinary.code, ordinary.severity, ordinary.title, record.evidence.text, ordinary.remedy);
  return say('serverFailure', 'error', `The call could not be set up: ${record.evidence.text}.`, `It ended with ${record.cause}.`, 'The timeline tells the steps.');
}

export function nothingWrong({ record }: CallFacts): Verdict {
  return {
    code: 'nothingWrong', severity: 'info', title: 'Nothing was wrong with this call.', cause: '', remedy: '', legs: [],
    evidence: [record.answeredAt === null ? record.evidence.text : `answered after ${seconds(record.answeredAt - record.startedAt)}, lasted ${seconds(record.endedAt - record.answeredAt)}, ended: ${record.evidence.text}`],
  };
}

function internal({ record, legs }: CallFacts): readonly Verdict[] {
  const found: Verdict[] = [];
  const all = legs.map(({ leg }) => leg.id);
  const bug = record.story.find(({ type }) => type === 'bug');
  if (bug !== undefined) found.push({ code: 'internalError', severity: 'error', title: 'An error in this PBX ended the call.', cause: bug.text, remedy: 'Report it with this story.', legs: all, evidence: [bug.text] });
  const restored = record.story.find(({ type }) => type === 'restored');
  if (restored !== undefined) found.push({ code: 'restarted', severity: 'warning', title: 'The media gateway was restarted during the call: for a moment nobody heard anybody.', cause: restored.text, remedy: 'Its log tells why.', legs: all, evidence: [restored.text] });
  if (record.recovered) {
    const isLost = record.cause === 'temporaryFailure';
    found.push({
      code: 'restarted', severity: isLost ? 'error' : 'info', legs: all,
      title: isLost ? 'The PBX was restarted while this call was being set up, and the call was lost.' : 'The PBX was restarted during the call, which went on.',
      cause: isLost ? record.evidence.text : 'The call’s audio was never with the process that was restarted.', remedy: isLost ? 'The log of the launcher tells why it was restarted.' : '', evidence: [record.evidence.text],
    });
  }
  return found;
}

function emergency({ record, legs }: CallFacts): readonly Verdict[] {
  const { emergency: number = null } = record;
  if (number === null) return [];
  return [{ code: 'emergency', severity: 'info', title: `An emergency call to ${number}.`, cause: 'Emergency calls go before all others and past every rule.', remedy: '', legs: legs.map(({ leg }) => leg.id), evidence: [`dialled: ${record.to}`] }];
}

function failedOver({ record }: CallFacts): readonly Verdict[] {
  const attempts = record.attempts ?? [];
  const last = attempts.at(-1);
  if (attempts.length < 2 || last === undefined) return [];
  const failed = attempts.slice(0, -1);
  const nameOf = ({ name, endpoints }: (typeof attempts)[number]): string => name ?? endpoints.join(', ');
  return [{
    code: 'failedOver', severity: 'info', legs: last.legs,
    title: record.answeredAt === null ? `${attempts.length} ways were tried, and none led to an answer.` : `The call went by ${nameOf(last)}, after ${failed.map(nameOf).join(' and ')} had failed.`,
    cause: failed.map((attempt) => `${nameOf(attempt)}: ${attempt.evidence.text}`).join('; '),
    remedy: '',
    evidence: attempts.map((attempt) => `${nameOf(attempt)}: ${attempt.answeredAt === null ? attempt.evidence.text : 'answered'}, after ${seconds(attempt.startedAt - record.startedAt)}`),
  }];
}

function transcoded({ record, legs }: CallFacts): readonly Verdict[] {
  const told = record.story.filter(({ type, data }) => type === 'transcoded' && typeof data?.['codecs'] === 'string');
  const last = told.at(-1);
  if (last === undefined) return [];
  return [{
    code: 'transcoded', severity: 'info', legs: legs.filter(({ leg }) => leg.answeredAt !== null).map(({ leg }) => leg.id),
    title: `The two sides had no codec in common; this PBX converted ${String(last.data?.['codecs'])}.`,
    cause: 'Each side got what it can; it costs some delay and some of the gateway’s time.',
    remedy: 'Where many calls need it, give both sides a codec in common.',
    evidence: told.map(({ text }) => text),
  }];
}

const nobodys: ReadonlySet<Cause> = new Set<Cause>(['unallocatedNumber', 'noRouteToDestination', 'invalidNumberFormat']);

const ordinaries: { readonly [cause in Cause]?: { readonly code: VerdictCode; readonly severity: Severity; readonly title: string; readonly remedy: string } } = {
  userBusy: { code: 'busy', severity: 'info', title: 'The called party was busy.', remedy: '' },
  noAnswer: { code: 'notAnswered', severity: 'info', title: 'It rang, and nobody answered.', remedy: '' },
  noUserResponding: { code: 'notAnswered', severity: 'info', title: 'Nothing rang at the called party in time.', remedy: '' },
  rejected: { code: 'declined', severity: 'info', title: 'The called party declined the call.', remedy: '' },
  unallocatedNumber: { code: 'unknownNumber', severity: 'info', title: 'The network says that nobody has this number.', remedy: '' },
  numberChanged: { code: 'unknownNumber', severity: 'info', title: 'The network says that the number has changed.', remedy: '' },
  invalidNumberFormat: { code: 'unknownNumber', severity: 'info', title: 'The number is not complete, or not written as it should be.', remedy: '' },
  noRouteToDestination: { code: 'unknownNumber', severity: 'info', title: 'The network has no way to this number.', remedy: '' },
  notAllowed: { code: 'refusedByRule', severity: 'info', title: 'The call was not allowed.', remedy: '' },
  preempted: { code: 'refusedByRule', severity: 'info', title: 'The line was taken away for an emergency call.', remedy: '' },
};
