import type { PortId } from '@tipring/cards';
import type { Snapshot } from '@tipring/config';
import type { CardDescription, PortDescription, PortMeasurement } from '@tipring/gateway';
import { z } from 'zod';
import { MeasurementRepresentation, PortName, presentMeasurement } from './analog-representations.ts';

export const CardRepresentation = z
  .object({
    id: z.string().meta({ description: 'Its serial number, wherever it is put', examples: ['SIM-1'] }),
    isPresent: z.boolean().meta({ description: 'False: lines or stations are on it, and it is not there' }),
    driver: z.enum(['simulated', 'dahdi']).nullable(),
    identity: z.enum(['serial', 'location']).nullable().meta({ description: 'Whether the serial moves with the card, or stays with the slot' }),
    vendor: z.string().nullable(),
    model: z.string().nullable(),
    firmware: z.string().nullable(),
    slot: z.string().nullable(),
    fxoPorts: z.array(z.int()).meta({ description: 'For the telephone company’s lines' }),
    fxsPorts: z.array(z.int()).meta({ description: 'For telephones' }),
  })
  .meta({ id: 'Card' });

const Range = z.object({ least: z.number(), most: z.number() });

/** What differs by hardware is listed as it is: see libs/cards. */
const Capabilities = z
  .looseObject({ kind: z.enum(['fxo', 'fxs']), impedances: z.array(z.string()).readonly(), gainsDb: Range.nullable(), laws: z.array(z.enum(['PCMA', 'PCMU'])).readonly(), measures: z.array(z.string()).readonly(), echoDelayMs: z.number() })
  .meta({ id: 'PortCapabilities', description: 'What the hardware can do; null or false: it cannot' });

const Settings = z
  .looseObject({ kind: z.enum(['fxo', 'fxs']), law: z.enum(['PCMA', 'PCMU']), impedance: z.string(), receiveGainDb: z.number(), sendGainDb: z.number() })
  .meta({ id: 'PortSettings', description: 'As the hardware is set now' });

export const PortRepresentation = z
  .object({
    id: PortName,
    card: z.string(),
    number: z.int(),
    kind: z.enum(['fxo', 'fxs']).meta({ description: 'What the jack is: a line goes into an FXO port, a telephone into an FXS port' }),
    isPresent: z.boolean(),
    isOpen: z.boolean().meta({ description: 'Something runs it' }),
    owner: z
      .object({ type: z.enum(['line', 'station']), id: z.string(), key: z.string(), displayName: z.string() })
      .nullable()
      .meta({ description: 'What is plugged in; null: nothing that is configured' }),
    capabilities: Capabilities.nullable(),
    settings: Settings.nullable(),
    measurement: MeasurementRepresentation.nullable(),
  })
  .meta({ id: 'CardPort', description: 'An analog jack' });

type CardShown = z.infer<typeof CardRepresentation>;
type PortShown = z.infer<typeof PortRepresentation>;

/** Those that are there, and those that lines or stations are configured on; by serial. */
export function allCards(present: readonly CardDescription[], snapshot: Snapshot): readonly CardShown[] {
  const shown = new Map(present.map((card) => [card.serial, presentCard(card)]));
  for (const [serial, ports] of Map.groupBy(configuredPorts(snapshot), ({ card }) => card)) {
    if (shown.has(serial)) continue;
    const numbersOf = (kind: 'fxo' | 'fxs') => ports.filter((one) => one.kind === kind).map(({ port }) => port).sort((a, b) => a - b);
    shown.set(serial, { id: serial, isPresent: false, driver: null, identity: null, vendor: null, model: null, firmware: null, slot: null, fxoPorts: numbersOf('fxo'), fxsPorts: numbersOf('fxs') });
  }
  return [...shown.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Its ports, and those that are configured and not there; by number. */
export function portsOf(serial: string, card: CardDescription | undefined, snapshot: Snapshot): readonly Omit<PortShown, 'measurement'>[] {
  const shown = new Map((card?.ports ?? []).map((port) => [port.number, presentPort({ card: serial, port: port.number }, port.capabilities.kind, port, snapshot)]));
  for (const { card: on, port, kind } of configuredPorts(snapshot)) {
    if (on === serial && !shown.has(port)) shown.set(port, presentPort({ card: serial, port }, kind, undefined, snapshot));
  }
  return [...shown.values()].sort((a, b) => a.number - b.number);
}

export function withMeasurement(port: Omit<PortShown, 'measurement'>, measurement: PortMeasurement | null): PortShown {
  return { ...port, measurement: measurement === null ? null : presentMeasurement(measurement) };
}

function presentCard({ serial, driver, identity, vendor, model, firmware, slot, ports }: CardDescription): CardShown {
  const numbersOf = (kind: 'fxo' | 'fxs') => ports.filter(({ capabilities }) => capabilities.kind === kind).map(({ number }) => number);
  return { id: serial, isPresent: true, driver, identity, vendor, model, firmware, slot, fxoPorts: numbersOf('fxo'), fxsPorts: numbersOf('fxs') };
}

function presentPort(port: PortId, kind: 'fxo' | 'fxs', found: PortDescription | undefined, snapshot: Snapshot): Omit<PortShown, 'measurement'> {
  return {
    id: `${port.card}/${port.port}`,
    card: port.card,
    number: port.port,
    kind,
    isPresent: found !== undefined,
    isOpen: found?.isOpen ?? false,
    owner: ownerOf(port, snapshot),
    capabilities: found === undefined ? null : { ...found.capabilities },
    settings: found === undefined ? null : { ...found.settings },
  };
}

function ownerOf(port: PortId, snapshot: Snapshot): PortShown['owner'] {
  const line = snapshot.lineAt(port);
  const station = snapshot.stationAt(port);
  const owner = line ?? station;
  return owner === undefined ? null : { type: line === undefined ? 'station' : 'line', id: owner.id, key: owner.key, displayName: owner.displayName };
}

function configuredPorts({ lines, stations }: Snapshot): readonly (PortId & { readonly kind: 'fxo' | 'fxs' })[] {
  return [...Array.from(lines.values(), ({ port }) => ({ ...port, kind: 'fxo' as const })), ...Array.from(stations.values(), ({ port }) => ({ ...port, kind: 'fxs' as const }))];
}
