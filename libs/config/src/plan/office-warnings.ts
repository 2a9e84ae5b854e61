import { type Destination, destinationKinds } from '../destination.ts';
import { type Feature, featureArguments } from '../feature-codes.ts';
import { referencesOf } from '../feature-references.ts';
import { type Kind, kindNames, kinds, type RowOf } from '../kinds.ts';
import { numberedRows } from '../numbered.ts';
import { rowsOf, type Snapshot } from '../snapshot.ts';
import type { ConfigurationWarning, WarningContext } from './warning.ts';

/** Where calls are sent that leads nowhere, what nobody can reach, and codes that nobody can dial. */
export function officeWarnings(snapshot: Snapshot, context: WarningContext): readonly ConfigurationWarning[] {
  const sent = destinationsOf(snapshot);
  return [
    ...sent.flatMap((one) => leadsNowhere(one, snapshot, context)),
    ...forwardedInCircles(snapshot),
    ...unreached(snapshot, sent),
    ...codesTaken(snapshot),
    ...[...snapshot.voicemailBoxes.values()].flatMap(({ key, mail }) =>
      mail !== null && snapshot.settings.mail === null ? [{ code: 'noMailServer', pointer: `/voicemailBoxes/${key}/mail`, hint: 'No mail server is set (`settings.mail`): nobody gets mail.' } as const] : [],
    ),
  ];
}

/** An internal number and whose it is, with its place in the document. */
export interface NumberInUse {
  readonly number: string;
  readonly words: string;
  readonly pointer: string;
}

export function numbersInUse(snapshot: Snapshot): readonly NumberInUse[] {
  return [...numberedRows(rowsOf(snapshot), () => true)].map(({ number, key, words, pointer }) => {
    const [, rows, , field] = pointer.split('/');
    return { number, words, pointer: `/${rows}/${key}/${field}` };
  });
}

interface Sent {
  readonly destination: Destination;
  readonly pointer: string;
}

function destinationsOf(snapshot: Snapshot): readonly Sent[] {
  const sent: Sent[] = [];
  for (const kind of kindNames) {
    const references = referencesOf[kind] as undefined | ((row: RowOf<Kind>, pointer: string, refer: () => void, referDestination: (destination: Destination | null, pointer: string) => void) => void);
    for (const row of references === undefined ? [] : (snapshot[kinds[kind].rows].values() as Iterable<RowOf<Kind>>)) {
      references?.(row, `/${kinds[kind].rows}/${row.key}`, () => undefined, (destination, pointer) => {
        if (destination !== null) sent.push({ destination, pointer });
      });
    }
  }
  return sent;
}

function leadsNowhere({ destination, pointer }: Sent, snapshot: Snapshot, { emergencyNumbers }: WarningContext): readonly ConfigurationWarning[] {
  if (destination.type !== 'number') return [];
  const { number } = destination;
  const { site, emergency } = snapshot.settings;
  const emergencies = [...emergencyNumbers(site.country), ...emergency.numbers, ...emergency.testNumbers];
  if (emergencies.some((one) => number === one || number === site.outsidePrefix + one)) {
    return [{ code: 'leadsNowhere', pointer, hint: `${number} is an emergency number: no call is sent on to it.` }];
  }
  if (snapshot.destinationByNumber(number) !== undefined || /^[*#]/.test(number)) return [];
  const goesOut = [...snapshot.outboundRoutes.values()].some(({ isEnabled, match }) => isEnabled && number.startsWith(match.prefix) && number.length > match.prefix.length);
  return goesOut ? [] : [{ code: 'leadsNowhere', pointer, hint: `Nothing inside has the number ${number}, and no outbound route has a prefix that it begins with.` }];
}

function forwardedInCircles({ extensions }: Snapshot): readonly ConfigurationWarning[] {
  return [...extensions.values()].flatMap((extension): readonly ConfigurationWarning[] => {
    const seen = new Set([extension.id]);
    for (let next = extension.forwarding.always; next?.type === 'extension'; next = extensions.get(next.id)?.forwarding.always ?? null) {
      if (next.id === extension.id) return [{ code: 'loopsToItself', pointer: `/extensions/${extension.key}/forwarding/always`, hint: 'All its calls are forwarded until they come back: nobody can be reached.' }];
      if (seen.has(next.id)) return [];
      seen.add(next.id);
    }
    return [];
  });
}

/** What has no number and is nowhere a destination. */
function unreached(snapshot: Snapshot, sent: readonly Sent[]): readonly ConfigurationWarning[] {
  const used = new Set<string | null>([snapshot.settings.voice.musicClassId]);
  const use = (destination: Destination | null): void => {
    if (destination !== null && 'id' in destination) used.add(destination.id);
  };
  for (const { destination } of sent) use(destination);
  for (const { destination } of snapshot.inboundRoutes.values()) use(destination);
  for (const { inbound } of snapshot.lines.values()) use(inbound);
  for (const kind of kindNames) {
    const references = referencesOf[kind] as undefined | ((row: RowOf<Kind>, pointer: string, refer: (of: Kind, id: string | null | undefined) => void, referDestination: () => void) => void);
    for (const row of references === undefined ? [] : (snapshot[kinds[kind].rows].values() as Iterable<RowOf<Kind>>)) references?.(row, '', (_of, id) => used.add(id ?? null), () => undefined);
  }
  return reachable.flatMap((kind) =>
    [...(snapshot[kinds[kind].rows].values() as Iterable<RowOf<Kind>>)].flatMap((row): readonly ConfigurationWarning[] =>
      used.has(row.id) || ('number' in row && row.number !== null) || kind === 'parkingLot' ? [] : [{ code: 'unused', pointer: `/${kinds[kind].rows}/${row.key}`, hint: 'number' in row ? 'It has no number, and nothing leads to it.' : 'Nothing refers to it.' }],
    ),
  );
}

const reachable: readonly Kind[] = [...Object.values(destinationKinds).filter((kind) => kind !== 'extension'), 'musicClass'];

/** Outbound routes go before codes: who wrote a prefix with a star means it. */
function codesTaken({ settings, outboundRoutes }: Snapshot): readonly ConfigurationWarning[] {
  const starred = [...outboundRoutes.values()].filter(({ isEnabled, match }) => isEnabled && /^[*#]/.test(match.prefix));
  return (Object.keys(featureArguments) as Feature[]).flatMap((feature): readonly ConfigurationWarning[] => {
    const code = settings.featureCodes[feature];
    const route = code === null ? undefined : starred.find(({ match }) => code.startsWith(match.prefix) || match.prefix.startsWith(code));
    return route === undefined ? [] : [{ code: 'notDialable', pointer: `/settings/featureCodes/${feature}`, hint: `The outbound route ${route.key} takes numbers that begin with ${route.match.prefix}, and goes first.` }];
  });
}
