import type { CallFacts, LegFacts } from './call-facts.ts';
import type { Severity, Verdict } from './verdict.ts';
import { capital } from './words.ts';

/* What was wrong at the wires of a line or an analog telephone. */

export function lineVerdicts({ legs, record }: CallFacts): readonly Verdict[] {
  return legs.flatMap((facts) => {
    const { carrier } = facts.leg;
    if (carrier !== 'line' && carrier !== 'station') return [];
    const severity: Severity = record.answeredAt === null ? 'error' : 'warning';
    return [...(carrier === 'line' ? [...dialTone(facts, severity), ...dead(facts, severity), ...ending(facts), ...answer(facts)] : []), ...wires(facts)];
  });
}

function dialTone({ leg, name, entries }: LegFacts, severity: Severity): readonly Verdict[] {
  const note = entries.find(({ data, type }) => data?.['kind'] === 'noDialTone' && type === 'note');
  const isEnd = leg.evidence?.kind === 'noDialTone';
  if (!isEnd && note === undefined) return [];
  return [{
    code: 'noDialTone', severity: isEnd ? severity : 'warning', legs: [leg.id],
    title: `${capital(name)} gave no dial tone${isEnd ? ', so nothing was dialled' : '; it was dialled all the same'}.`,
    cause: 'The line is dead or not plugged in, is in use by a telephone beside this PBX, or its exchange plays a dial tone that this PBX does not know.',
    remedy: 'Listen to the line with a telephone. If there is a dial tone, set the line’s country right, or let its tone be learned; if there is none, report the line.',
    evidence: [leg.evidence !== null && isEnd ? leg.evidence.text : (note?.text ?? '')],
  }];
}

/** States of a line in which nothing can be dialled, as its evidence is named by. */
function dead({ leg, name }: LegFacts, severity: Severity): readonly Verdict[] {
  const what = deadBy[leg.evidence?.kind ?? ''];
  if (what === undefined || leg.answeredAt !== null || leg.evidence === null) return [];
  return [{
    code: 'lineNotConnected', severity, legs: [leg.id],
    title: `${capital(name)} could not be used: ${leg.evidence.text}.`,
    cause: what.cause,
    remedy: what.remedy,
    evidence: [leg.evidence.text],
  }];
}

const deadBy: Readonly<Record<string, { readonly cause: string; readonly remedy: string } | undefined>> = {
  noBattery: { cause: 'There is no voltage on its wires: it is not plugged in, cut, or switched off at the exchange.', remedy: 'Check the plug and measure the line; 40 to 56 V belong there while nobody calls.' },
  inUseElsewhere: { cause: 'A telephone, alarm panel or fax that is plugged in beside this PBX is off the hook.', remedy: 'Find what is plugged in parallel, and hang it up.' },
  absent: { cause: 'Its card is gone, or the program that owns the card.', remedy: 'Look at the card’s state and at the log of the card agent.' },
  portAbsent: { cause: 'Its card is gone, or the program that owns the card.', remedy: 'Look at the card’s state and at the log of the card agent.' },
  cardPulled: { cause: 'Its card went away.', remedy: 'Look at the card’s state and at the log of the card agent.' },
};

function ending({ leg, name, entries }: LegFacts): readonly Verdict[] {
  const { evidence } = leg;
  if (leg.answeredAt === null || evidence === null) return [];
  if (evidence.kind === 'batteryDenial' || evidence.kind === 'polarityReversal' || evidence.kind === 'tone' || evidence.kind === 'dialTone') {
    return [{
      code: 'lineEnd', severity: 'info', legs: [leg.id],
      title: `${capital(name)} told that its far end had hung up: ${evidence.text}.`,
      cause: evidence.kind === 'batteryDenial' || evidence.kind === 'polarityReversal' ? 'The exchange signals the end of a call on this line, at once and without doubt.' : 'The exchange does not signal the end of a call on this line; it was recognised by the tone that is played then.',
      remedy: '',
      evidence: [evidence.text],
    }];
  }
  const isLate = evidence.kind === 'silence' || evidence.kind === 'farLegDead' || (evidence.kind === 'timer' && leg.cause === 'recoveryOnTimerExpiry');
  if (!isLate) return [];
  return [{
    code: 'lineEndedLate', severity: 'warning', legs: [leg.id],
    title: `${capital(name)} never told that its far end had hung up; the call was ended by ${evidence.kind === 'timer' ? 'the limit on its length' : 'silence'}.`,
    cause: 'The exchange neither takes the battery away nor reverses polarity at the end of a call, and no tone was recognised.',
    remedy: 'Ask the telephone company for disconnect supervision (CPC, open loop, or reversal), or let the tone be learned that it plays after a hang-up.',
    evidence: [evidence.text, ...entries.filter(({ data }) => data?.['kind'] === 'toneLearned').map(({ text }) => text)],
  }];
}

function answer({ leg, name, entries }: LegFacts): readonly Verdict[] {
  const told = entries.find(({ type, data }) => type === 'answered' && data?.['supervision'] === 'assumed');
  // One that rang for us was answered by us.
  if (told === undefined || leg.role !== 'called') return [];
  const why = entries.findLast(({ type, at, text }) => type === 'note' && at <= told.at && text.startsWith('answer assumed'));
  return [{
    code: 'answerAssumed', severity: 'info', legs: [leg.id],
    title: `${capital(name)} does not tell when a call is answered; that was assumed.`,
    cause: 'Its exchange does not reverse polarity at the answer, so the time of the answer and the length of the call are estimates.',
    remedy: 'Ask the telephone company for answer supervision (battery reversal) if calls are billed by these times.',
    evidence: [why?.text ?? told.text],
  }];
}

function wires({ leg, name }: LegFacts): readonly Verdict[] {
  const { port } = leg;
  if (port === null) return [];
  const found: Verdict[] = [];
  const { erlDb, erleDb, humDbm0, mainsHz, clipped, receivedDbm0, loopMa } = port;
  if (erlDb !== null && erlDb < LEAST_ERL_DB) {
    found.push({
      code: 'lineEcho', severity: 'warning', legs: [leg.id],
      title: `Echo: ${name} returns what is sent to it, only ${erlDb} dB weaker.`,
      cause: 'The impedance of the port does not fit the line: what is sent comes back in part. The echo canceller takes out what it can, and must fail where both talk or where the gain is high.',
      remedy: 'Set the line’s country and impedance right, or tune the line; look for bridged taps and a wrong cable.',
      evidence: [`echo return loss ${erlDb} dB (at least ${LEAST_ERL_DB} wanted, ITU-T G.168)`, ...(erleDb === null ? [] : [`the canceller adds ${erleDb} dB`])],
    });
  }
  if (humDbm0 !== null && humDbm0 > MOST_HUM_DBM0) {
    found.push({
      code: 'lineHum', severity: 'warning', legs: [leg.id],
      title: `Hum of ${mainsHz ?? 50} Hz on ${name}, ${humDbm0} dBm0.`,
      cause: 'The two wires are not in balance, or one of them touches earth: mains voltage gets in where the cable lies beside power lines.',
      remedy: 'Look for moisture, a bad joint or an earthed wire, and for a power cable along the way; the hum filter hides it from the talkers and cures nothing.',
      evidence: [`hum ${humDbm0} dBm0 at ${mainsHz ?? 50} Hz and its harmonics`, ...(loopMa === null ? [] : [`loop current ${loopMa} mA`])],
    });
  }
  const isFaint = receivedDbm0 !== null && receivedDbm0 < FAINTEST_DBM0 && (leg.evidence?.kind !== 'silence');
  if (clipped >= MOST_CLIPPED || isFaint) {
    const isLoud = clipped >= MOST_CLIPPED;
    found.push({
      code: 'lineLevel', severity: 'warning', legs: [leg.id],
      title: isLoud ? `Distorted audio: what comes from ${name} is too loud and is cut off.` : `Faint audio: what comes from ${name} is hardly there.`,
      cause: isLoud ? 'The gain from the line is too high, or the line is driven by something close that is too loud.' : 'The line is very long or damaged, or the gain from it is too low; nobody spoke, perhaps.',
      remedy: isLoud ? 'Lower the gain from the line.' : 'Measure the line’s loop current and raise the gain from it.',
      evidence: [isLoud ? `${clipped} samples at full scale` : `loudest seconds ${receivedDbm0} dBm0`, ...(loopMa === null ? [] : [`loop current ${loopMa} mA`])],
    });
  }
  return found;
}

/** ITU-T G.168 expects no less of a hybrid. */
const LEAST_ERL_DB = 6;
/** Heard by everybody in a pause. */
const MOST_HUM_DBM0 = -45;
const MOST_CLIPPED = 80;
/** Speech on the worst lines there are is at about −35 (ITU-T P.56 levels are near −20). */
const FAINTEST_DBM0 = -48;
