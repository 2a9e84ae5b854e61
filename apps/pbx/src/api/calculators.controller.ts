import { Body, Controller } from '@nestjs/common';
import { calculateLoop, gaugeNames, type LoopFigures } from '@tipring/cards';
import { blockingOf, erlangsFor, linesFor } from '@tipring/telephony';
import { z } from 'zod';
import { Operation } from './operation.ts';

const LoopQuestion = z
  .strictObject({
    gauge: z.enum(gaugeNames as [(typeof gaugeNames)[number], ...(typeof gaugeNames)[number][]]).meta({ description: 'Of the wires' }),
    lengthKm: z.number().min(0).max(100).meta({ description: 'Kilometres of cable, one way', examples: [2.5] }),
    temperatureC: z.number().min(-60).max(90).default(20),
    ren: z.number().min(0).max(20).default(1).meta({ description: 'Ringer equivalence number of all bells on the pair together' }),
    feed: z
      .strictObject({ volts: z.number().min(12).max(120), ohms: z.number().min(0).max(5_000), limitMilliamps: z.number().min(5).max(150).optional() })
      .default({ volts: 48, ohms: 400 })
      .meta({ description: 'The battery and its resistors; an exchange’s unless said otherwise. A card gives less: 24 V behind 200 Ω' }),
    set: z
      .strictObject({ volts: z.number().min(0).max(20), ohms: z.number().min(10).max(5_000) })
      .default({ volts: 0, ohms: 200 })
      .meta({ description: 'What is off hook at the far end' }),
    ringing: z
      .strictObject({ voltsRms: z.number().min(20).max(150), hz: z.number().min(15).max(68), ohms: z.number().min(0).max(5_000) })
      .default({ voltsRms: 90, hz: 20, ohms: 510 })
      .meta({ description: 'The ringing generator; an exchange’s unless said otherwise. A card’s: 60 V behind 200 Ω' }),
    leastMilliamps: z.number().min(5).max(100).default(20).meta({ description: 'What the set needs' }),
  })
  .meta({ id: 'LoopQuestion' });

const LoopAnswer = z
  .object({
    loopOhms: z.number().meta({ description: 'Of the cable, both wires' }),
    loopMilliamps: z.number().meta({ description: 'Off hook' }),
    setVolts: z.number(),
    ringVoltsRms: z.number().meta({ description: 'At the bells; 40 are needed' }),
    longestKm: z.number().meta({ description: 'Of this cable, with this feed and these bells' }),
    limitedBy: z.enum(['current', 'ringing']),
    verdict: z.enum(['good', 'marginal', 'fail']).meta({ description: 'marginal: less than a fifth to spare' }),
    explanation: z.string().meta({ description: 'The verdict in sentences' }),
  })
  .meta({ id: 'LoopAnswer' });

const erlangs = z.number().min(0).max(100_000).meta({ description: 'Traffic offered: calls in the busy hour × their mean length in hours' });
const lines = z.int().min(0).max(100_000);
const blocking = z.number().min(0.000_001).max(0.99).meta({ description: 'The part of the calls that is blocked: 0.01 is one in a hundred' });

const ErlangQuestion = z
  .union([z.strictObject({ erlangs, blocking }), z.strictObject({ lines, blocking }), z.strictObject({ erlangs, lines })])
  .meta({ id: 'ErlangQuestion', description: 'Two of the three; the third is the answer' });

const ErlangAnswer = z.object({ erlangs: z.number(), lines: z.int(), blocking: z.number() }).meta({ id: 'ErlangAnswer' });

@Controller('api/v1/calculators')
export class CalculatorsController {
  @Operation({
    method: 'POST', path: 'loop', id: 'calculateLoop', summary: 'Whether a telephone works at the end of a cable', description: 'By the same physics as the simulated card. Nothing is kept.',
    scope: 'read', status: 200, response: LoopAnswer,
  })
  loop(@Body({ schema: LoopQuestion }) { gauge, lengthKm: km, temperatureC, ren, feed, set, ringing: ringSource, leastMilliamps }: z.infer<typeof LoopQuestion>): z.infer<typeof LoopAnswer> {
    const { limitMilliamps, ...battery } = feed;
    const limited = limitMilliamps === undefined ? battery : { ...battery, limitAmperes: limitMilliamps / 1_000 };
    return rounded(calculateLoop({ cable: { gauge, km, temperatureC }, feed: limited, set, ren, ringSource, leastMilliamps }));
  }

  @Operation({
    method: 'POST', path: 'erlang', id: 'calculateErlang', summary: 'How many lines are needed, or what they carry', description: 'Erlang’s loss formula (Erlang B): blocked callers go away. Given two of traffic, lines and blocking, the third. With traffic and blocking, the answer’s blocking is what so many lines really have. Nothing is kept.',
    scope: 'read', status: 200, response: ErlangAnswer,
  })
  erlang(@Body({ schema: ErlangQuestion }) asked: z.infer<typeof ErlangQuestion>): z.infer<typeof ErlangAnswer> {
    if (!('erlangs' in asked)) return { ...asked, erlangs: toMillionth(erlangsFor(asked.lines, asked.blocking)) };
    const needed = 'lines' in asked ? asked.lines : linesFor(asked.erlangs, asked.blocking);
    return { erlangs: asked.erlangs, lines: needed, blocking: toMillionth(blockingOf(asked.erlangs, needed)) };
  }
}

function toMillionth(value: number): number {
  return Math.round(value * 1_000_000) / 1_000_000;
}

/** No finer than anybody knows a cable. */
function rounded({ loopOhms, loopMilliamps, setVolts, ringVoltsRms, longestKm, ...words }: LoopFigures): z.infer<typeof LoopAnswer> {
  const toHundredth = (value: number) => Math.round(value * 100) / 100;
  return { loopOhms: toHundredth(loopOhms), loopMilliamps: toHundredth(loopMilliamps), setVolts: toHundredth(setVolts), ringVoltsRms: toHundredth(ringVoltsRms), longestKm: toHundredth(longestKm), ...words };
}
