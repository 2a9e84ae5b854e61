import { isUnknownRegion, regionOf, toneNames } from '@tipring/line';
import type { PortReference } from './analog-port.ts';
import type { Extension } from './extension.ts';
import type { Line } from './line.ts';
import type { ConfigurationProblem, ProblemCode } from './result.ts';
import type { Station } from './station.ts';

interface AnalogRows {
  readonly extensions: readonly Extension[];
  readonly stations: readonly Station[];
  readonly lines: readonly Line[];
}

/** What is wrong with lines and stations together, and with what else there is. Of a row whose own fields are not sound nothing more is said. */
export function analogProblems({ extensions, stations, lines }: AnalogRows, isSound: (row: Station | Line) => boolean): readonly ConfigurationProblem[] {
  const known = new Set(extensions.map(({ id }) => id));
  const soundStations = [...stations.entries()].filter(([, station]) => isSound(station));
  const soundLines = [...lines.entries()].filter(([, line]) => isSound(line));
  return [
    ...sharedPorts(soundStations, soundLines),
    ...soundStations.flatMap(([at, station]) => stationProblems(station, known).map(placed(`/stations/${at}`))),
    ...soundLines.flatMap(([at, line]) => lineProblems(line).map(placed(`/lines/${at}`))),
  ];
}

type Placed<Row> = readonly [at: number, row: Row];

/** One port, one owner. Told of the later one. */
function sharedPorts(stations: readonly Placed<Station>[], lines: readonly Placed<Line>[]): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  const owners = new Map<string, string>();
  const claim = (owner: string, { card, port }: PortReference, pointer: string): void => {
    const name = `${card}/${port}`;
    const first = owners.get(name);
    if (first === undefined) owners.set(name, owner);
    else problems.push({ code: 'notUnique', pointer, hint: `Port ${name} belongs to ${first}; a port has one owner.` });
  };
  for (const [at, { key, port }] of stations) claim(`the station ${key}`, port, `/stations/${at}/port`);
  for (const [at, { key, port }] of lines) claim(`the line ${key}`, port, `/lines/${at}/port`);
  return problems;
}

function stationProblems({ extensionId, overrides }: Station, extensions: ReadonlySet<string>): readonly ConfigurationProblem[] {
  const { dialing = {}, flash, hotline } = overrides;
  return [
    ...wrongIf(!extensions.has(extensionId), 'danglingReference', '/extensionId', `There is no extension ${extensionId}; a station rings for one that exists.`),
    ...wrongIf(dialing.byDtmf === false && dialing.byPulse === false && hotline?.delayMs !== 0, 'contradiction', '/overrides/dialing', 'Leave DTMF or pulses switched on: nobody can dial without either. An immediate hotline (delayMs 0) needs none.'),
    ...wrongIf(flash !== undefined && flash !== 'off' && flash.leastMs >= flash.mostMs, 'contradiction', '/overrides/flash', 'leastMs must be below mostMs.'),
  ];
}

function lineProblems({ region, overrides }: Line): readonly ConfigurationProblem[] {
  const { ring, disconnect = {}, learnedTones = [] } = overrides;
  const learned = learnedTones.map(({ id }) => id);
  const { battery, polarity, tone, dialTone, silence } = disconnect;
  const regional = regionOf(region);
  const tones = isUnknownRegion(regional) ? [] : Object.keys(regional.tones);
  const unknown = tone === undefined || tone === 'off' ? [] : (tone.names ?? []).filter((name) => !tones.includes(name) && !learned.includes(name));
  return [
    ...wrongIf(ring?.frequencyHz !== undefined && ring.frequencyHz.least >= ring.frequencyHz.most, 'contradiction', '/overrides/ring/frequencyHz', '`least` must be below `most`.'),
    ...wrongIf([battery, polarity, tone, dialTone, silence].every((kind) => kind === 'off'), 'contradiction', '/overrides/disconnect', 'Leave one kind of evidence switched on, silence at the least: the line would never notice a hang-up.'),
    ...wrongIf(new Set(learned).size < learned.length, 'notUnique', '/overrides/learnedTones', 'Each learned tone needs an id of its own.'),
    ...wrongIf(learned.some((id) => toneNames.some((name) => name.toLowerCase() === id)), 'contradiction', '/overrides/learnedTones', `A learned tone cannot have the name of a known one: ${toneNames.join(', ')}.`),
    ...wrongIf(unknown.length > 0, 'danglingReference', '/overrides/disconnect/tone/names', `Neither a tone of ${region} nor a learned one: ${unknown.join(', ')}. ${region} has ${tones.join(', ')}.`),
  ];
}

function wrongIf(isWrong: boolean, code: ProblemCode, pointer: string, hint: string): readonly ConfigurationProblem[] {
  return isWrong ? [{ code, pointer, hint }] : [];
}

function placed(row: string): (problem: ConfigurationProblem) => ConfigurationProblem {
  return (problem) => ({ ...problem, pointer: row + problem.pointer });
}
