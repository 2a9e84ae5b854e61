import { Line, type Station } from '@tipring/config';
import type { PortMeasurement } from '@tipring/gateway';
import type { LiveLine, LiveStation } from '@tipring/line-endpoint';
import { z } from 'zod';
import { PartyRepresentation } from './call-representations.ts';
import { nextStep } from './next-step.ts';
import { Instant, instant } from './representations.ts';

const NextStep = z
  .object({ code: z.enum(['enable', 'plugIn', 'nameCalled', 'callIn', 'putToUse']), text: z.string() })
  .meta({ id: 'NextStep', description: 'The one thing to do next with a line that is not in full service' });

export const LineRepresentation = z.object({ ...Line.shape, nextStep: NextStep.nullable() });

export const PortName = z.string().regex(/^[!-.0-~]{1,64}\/[0-9]{1,2}$/, 'card/number').meta({ description: 'Card and number of the port', examples: ['SIM-1/3'] });
export function presentLine(line: Line, isPresent: boolean | null): z.infer<typeof LineRepresentation> {
  return { ...line, nextStep: nextStep(line, isPresent) };
}

const Level = z
  .object({
    rmsDbm0: z.number(),
    peakDbm0: z.number(),
    cMessageDbrnC0: z.number().meta({ description: 'C-message weighted (IEEE 743)' }),
    psophometricDbm0p: z.number().meta({ description: 'Psophometrically weighted (ITU-T O.41)' }),
    impulses: z.int(),
    clippedSamples: z.int(),
  })
  .meta({ id: 'Level', description: 'Of the last seconds; -150 dBm0 is nothing at all' });

const Polarity = z.enum(['normal', 'reversed']);

export const MeasurementRepresentation = z
  .object({
    offHook: z.boolean(),
    batteryPresent: z.boolean().nullable(),
    lineVolts: z.number().nullable().meta({ description: 'Between tip and ring, without regard to polarity' }),
    loopMilliamps: z.number().nullable(),
    ringVoltsRms: z.number().nullable(),
    polarity: Polarity.nullable(),
    received: Level.meta({ description: 'What comes in from the wire' }),
    sent: Level.meta({ description: 'What goes out to the wire' }),
    hum: z.object({ mainsHz: z.union([z.literal(50), z.literal(60)]).nullable(), levelDbm0: z.number() }).nullable().meta({ description: 'Of the mains, with harmonics' }),
    echo: z
      .object({
        erlDb: z.number().meta({ description: 'Echo return loss: how much weaker the line sends us back' }),
        erleDb: z.number().meta({ description: 'What the canceller takes away of that' }),
        residualDbm0: z.number(),
        isConverged: z.boolean(),
        isDisabled: z.boolean().meta({ description: 'By a modem’s tone' }),
      })
      .nullable(),
    buffer: z.object({ delayMs: z.number(), driftPpm: z.number(), underruns: z.int(), overruns: z.int() }).nullable().meta({ description: 'Towards the card, whose clock is its own' }),
  })
  .meta({ id: 'PortMeasurement', description: 'What is measured now. Null is what this hardware does not measure' });

/** Field by field, what the gateway says beyond that is not the API's; and no finer than it is measured. */
export function presentMeasurement({ line, received, sent, hum, echo, buffer }: PortMeasurement): z.infer<typeof MeasurementRepresentation> {
  const { offHook, batteryPresent, lineVolts, loopMilliamps, ringVoltsRms, polarity } = line;
  return {
    offHook,
    batteryPresent,
    lineVolts: toTenth(lineVolts),
    loopMilliamps: toTenth(loopMilliamps),
    ringVoltsRms: toTenth(ringVoltsRms),
    polarity,
    received: presentLevel(received),
    sent: presentLevel(sent),
    hum: hum === null ? null : { mainsHz: hum.mainsHz, levelDbm0: toTenth(hum.levelDbm0) },
    echo: echo === null ? null : { ...echo, erlDb: toTenth(echo.erlDb), erleDb: toTenth(echo.erleDb), residualDbm0: toTenth(echo.residualDbm0) },
    buffer: buffer === null ? null : { ...buffer, delayMs: toTenth(buffer.delayMs), driftPpm: toTenth(buffer.driftPpm) },
  };
}

const livePart = {
  id: z.string(),
  at: Instant,
  port: PortName,
  isPresent: z.boolean().meta({ description: 'Whether its card and the gateway are there' }),
  state: z.string().nullable().meta({ description: 'Where its machine stands; null: nothing runs it' }),
  since: Instant.nullable().meta({ description: 'In that state' }),
  party: PartyRepresentation.nullable().meta({ description: 'Who is at the other end of its call, as far as known' }),
  polarity: Polarity.nullable(),
  measurement: MeasurementRepresentation.nullable(),
};

export const StationLiveRepresentation = z
  .object({ ...livePart, hook: z.enum(['on', 'off']).nullable(), held: z.int().nullable().meta({ description: 'Calls that are held' }), waiting: PartyRepresentation.nullable().meta({ description: 'Who waits while another is talked to' }) })
  .meta({ id: 'StationLive', description: 'A station as it stands', examples: [{ state: 'talking' }] });

export const LineLiveRepresentation = z
  .object({ ...livePart, hook: z.enum(['on', 'off']).nullable(), battery: z.boolean().nullable() })
  .meta({ id: 'LineLive', description: 'A line as it stands', examples: [{ state: 'up' }] });

/** What both have in common; of a machine that is not there, nothing but the port. */
function livePartOf(row: Station | Line, live: LiveStation | LiveLine | undefined, measurement: PortMeasurement | null, now: number) {
  return {
    id: row.id,
    at: instant(now),
    port: `${row.port.card}/${row.port.port}`,
    isPresent: live?.isPresent ?? measurement !== null,
    state: live?.state ?? null,
    since: live === undefined ? null : instant(live.since),
    party: live?.party ?? null,
    polarity: live?.polarity ?? measurement?.line.polarity ?? null,
    hook: live?.hook ?? (measurement === null ? null : measurement.line.offHook ? ('off' as const) : ('on' as const)),
    measurement: measurement === null ? null : presentMeasurement(measurement),
  };
}

export function presentLiveStation(station: Station, live: LiveStation | undefined, measurement: PortMeasurement | null, now: number): z.infer<typeof StationLiveRepresentation> {
  return { ...livePartOf(station, live, measurement, now), held: live?.held ?? null, waiting: live?.waiting ?? null };
}

export function presentLiveLine(line: Line, live: LiveLine | undefined, measurement: PortMeasurement | null, now: number): z.infer<typeof LineLiveRepresentation> {
  return { ...livePartOf(line, live, measurement, now), battery: live?.battery ?? measurement?.line.batteryPresent ?? null };
}

function presentLevel({ rmsDbm0, peakDbm0, cMessageDbrnC0, psophometricDbm0p, impulses, clippedSamples }: PortMeasurement['received']): z.infer<typeof Level> {
  return { rmsDbm0: toTenth(rmsDbm0), peakDbm0: toTenth(peakDbm0), cMessageDbrnC0: toTenth(cMessageDbrnC0), psophometricDbm0p: toTenth(psophometricDbm0p), impulses, clippedSamples };
}

function toTenth<Value extends number | null>(value: Value): Value {
  return (value === null ? null : Math.round(value * 10) / 10) as Value;
}
