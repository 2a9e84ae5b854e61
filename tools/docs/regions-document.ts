import { confidences, isComplete, profileFacts, regions, toneNames, type CallerIdPlace, type CallerIdScheme, type Confidence, type DcTermination, type DisconnectSignal, type Fact, type Flash, type Network, type PulseDialing, type Region, type RingCadence, type RingFrequency, type RingVoltage } from '@tipring/line';

/** docs/REGIONS.md: what is known of the lines of each country, and how well. */
export function regionsDocument(): string {
  const complete = regions.filter(isComplete);
  return `# Lines, country by country

This file is made by \`npm run docs\` from \`libs/line/src/regions\`; a test fails when it is out of date. Of ${regions.length} countries the
tones are known, of ${complete.length} (their names are **bold**) also something of all that a line needs: ringing, caller ID, termination, flash, pulses, how
it tells of a hang-up. Most of the latter is only said to be so, and marked. Emergency numbers stand in emergency-numbers-table.ts beside them, from libphonenumber.

| mark | meaning |
|---|---|
| ${marks.standard} | a national specification says so, or the country's own entry in the ITU's list |
| ${marks.common} | public tables agree; no specification was seen |
| ${marks.disputed} | sources differ: what they say beside the first follows "or" |
| ${marks.reported} | said to be so, and not compared with a table or specification yet: the source is where to check, a line where to prove it |

What follows "also" is done by other operators or exchanges of the country. An empty cell: not known. A line can be told otherwise than
its country: these are where it begins.

## Ringing and caller ID

Tones are counted by how they are known; ringing is on, off, on, off … in seconds.

${table(['country', 'tones', 'ringing', 'frequency', 'at the telephone', 'caller ID'], regions.map((region) => [
    name(region), tones(region), cell(region.ringing?.cadence, cadence), cell(region.ringing?.frequency, frequency), cell(region.ringing?.voltage, voltage), cell(region.callerId, callerId),
  ]))}

## Electrical, dialling and hanging up

${table(['country', 'impedance', 'DC', 'flash', 'pulses', 'the far end hung up', 'reversal on answer'], regions.filter((region) => profileFacts(region).size > 0).map((region) => [
    name(region), cell(region.termination?.ac, network), cell(region.termination?.dc, dc), cell(region.dialing?.flash, flash), cell(region.dialing?.pulse, pulse),
    cell(region.supervision?.disconnect, disconnect), cell(region.supervision?.answerReversal, String),
  ]))}

## Sources

${sources()}
`;
}

const marks: Readonly<Record<Confidence, string>> = { standard: '●', common: '○', disputed: '◐', reported: '?' };

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function name(region: Region): string {
  const text = `${region.name} (${region.code})`;
  return isComplete(region) ? `**${text}**` : text;
}

function tones({ tones }: Region): string {
  const found = toneNames.flatMap((tone) => tones[tone]?.confidence ?? []);
  return confidences.flatMap((confidence) => {
    const count = found.filter((one) => one === confidence).length;
    return count === 0 ? [] : [`${count} ${marks[confidence]}`];
  }).join(', ');
}

function cell<T>(fact: Fact<T> | undefined, write: (value: T) => string): string {
  if (fact === undefined) return '';
  const others = [...(fact.alternates ?? []).map((value) => `; or ${write(value)}`), ...(fact.byOperator ?? []).map((value) => `; also ${write(value)}`)];
  return `${marks[fact.confidence]} ${write(fact.is)}${others.join('')}`;
}

function cadence(onOffMs: RingCadence): string {
  return onOffMs.map((ms) => ms / 1000).join(' – ');
}

function frequency({ hz, within }: RingFrequency): string {
  return within === undefined ? `${hz} Hz` : `${hz} Hz (${within[0]} to ${within[1]})`;
}

function voltage({ leastVrms, mostVrms }: RingVoltage): string {
  return `${leastVrms} to ${mostVrms} V`;
}

function callerId(scheme: CallerIdScheme): string {
  switch (scheme.by) {
    case 'fsk':
      return `${scheme.modulation === 'v23' ? 'V.23' : 'Bell 202'} (${standards[scheme.standard]}) ${places[scheme.place]}`;
    case 'dtmf':
      return `DTMF ${scheme.start}…${scheme.end} ${places[scheme.place]}`;
    case 'request':
      return 'on request (AON)';
    case 'none':
      return 'none';
  }
}

const standards = { gr30: 'GR-30', tia777: 'TIA-777', etsi: 'ETSI', sin227: 'SIN 227', ntt: 'NTT' };

const places: Readonly<Record<CallerIdPlace, string>> = {
  betweenRings: 'between rings',
  afterShortRing: 'after a short ring',
  beforeRinging: 'before ringing',
  afterReversal: 'after reversal',
  afterDualTone: 'after DT-AS',
  afterReversalAndDualTone: 'after reversal and DT-AS',
  afterRingPulse: 'after RP-AS',
  afterReversalAndBursts: 'after reversal and bursts of ringing',
};

function network({ seriesOhms, parallelOhms, capacitanceNf }: Network): string {
  if (capacitanceNf === undefined) return `${seriesOhms} Ω`;
  const capacitance = capacitanceNf < 1000 ? `${capacitanceNf} nF` : `${capacitanceNf / 1000} µF`;
  return parallelOhms === undefined ? `${seriesOhms} Ω + ${capacitance}` : `${seriesOhms} Ω + ${parallelOhms} Ω ∥ ${capacitance}`;
}

function dc({ currentLimitMa, leastCurrentMa, voltage, onHookMs, ringer, ringThresholdVrms }: DcTermination): string {
  const current = currentLimitMa === undefined ? `from ${leastCurrentMa} mA` : `${leastCurrentMa} to ${currentLimitMa} mA`;
  return `${voltage} V, ${current}, off in ${onHookMs} ms, rings from ${ringThresholdVrms} V${ringer === 'loaded' ? ', load of a bell' : ''}`;
}

function flash({ sendMs, recognised: [leastMs, mostMs] }: Flash): string {
  return `${sendMs} ms (${leastMs} to ${mostMs})`;
}

function pulse({ perSecond, breakPercent, coding, interDigitMs }: PulseDialing): string {
  const codings = { direct: '', complement: ', ten less the digit', plusOne: ', one more than the digit' };
  return `${perSecond}/s, ${breakPercent} % break, pause ${interDigitMs} ms${codings[coding]}`;
}

function disconnect(signals: readonly DisconnectSignal[]): string {
  return signals.map((signal) => {
    switch (signal.by) {
      case 'batteryDenial':
        return `battery denial ${signal.ms} ms`;
      case 'polarityReversal':
        return 'reversal';
      case 'tone':
        return signal.tone === 'numberUnobtainable' ? 'number unobtainable tone' : `${signal.tone} tone`;
      case 'none':
        return 'nothing';
    }
  }).join(' → ');
}

/** Each source, and where it was used for lines or for tones. */
function sources(): string {
  const countries = new Map<string, Set<string>>();
  for (const region of regions) {
    const facts = [...profileFacts(region).values(), ...toneNames.flatMap((tone) => region.tones[tone] ?? [])];
    for (const { source } of facts) countries.set(source, (countries.get(source) ?? new Set<string>()).add(region.code));
  }
  const lines = [...countries].map(([source, codes]) => `- ${source}: ${codes.size > 30 ? `${codes.size} countries` : [...codes].join(', ')}`);
  return lines.sort().join('\n');
}
