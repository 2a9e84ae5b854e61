import { annexDPath, annexDPaths, compositeSource, doubleTalkSource, EchoTestBed, erleDb, hothNoise, narrowBandTonesHz, residualDbm0, seconds, speech, t20InBandMs, t20Ms, talkAttenuationDb, tonesAt, type EchoPath, type Law, type Recording } from '@tipring/dsp/test-support';

/**
 * What lines are put through for the echo bench: composite source signal, G.711, the models D.2 to D.9 at 10 dB of echo return
 * loss. Levels are the far end's, in dBm0. A scene is recorded with our canceller; any other can be given the same two signals.
 */
export interface Scene {
  readonly recordings: readonly Recording[];
  /** The figure of one line. */
  readonly measure: (recording: Recording) => number;
}

export const annexD: readonly EchoPath[] = annexDPaths.map((name) => annexDPath(name, { erlDb: 10 }));

/** 10.5 s of the far end alone. */
export function farEndAlone(levelDbm0: number, { paths = annexD, law = 'A', tailMs = 64 }: { readonly paths?: readonly EchoPath[]; readonly law?: Law; readonly tailMs?: 32 | 64 | 128 } = {}): readonly Recording[] {
  return new EchoTestBed({ paths, law, tailMs }).run(compositeSource(levelDbm0, seconds(10.5)));
}

export const convergence = {
  t20Ms,
  t20InBandMs,
  /** The period of the signal that begins after a second. */
  erleOneSecondDb: (recording: Recording) => erleDb(recording, seconds(1), seconds(1.35)),
  erleSettledDb: (recording: Recording) => erleDb(recording, seconds(7)),
};

/** T20 after each line became the next one. */
export function pathChange(levelDbm0: number): Scene {
  const bed = new EchoTestBed({ paths: annexD });
  const before = bed.run(compositeSource(levelDbm0, seconds(4.9)));
  for (const channel of annexD.keys()) bed.connect(channel, annexD[(channel + 1) % annexD.length]!);
  const after = bed.run(compositeSource(levelDbm0, seconds(2.1)));
  return { recordings: joined(before, after), measure: (recording) => t20Ms(part(recording, seconds(4.9))) };
}

/** What is left of the far end, dBm0, in the 350 ms after a near end 15 dB below it has talked all the time. */
export function doubleTalk(levelDbm0: number): Scene {
  const bed = new EchoTestBed({ paths: annexD });
  return thenFarAlone(bed, levelDbm0, [bed.run(compositeSource(levelDbm0, seconds(5.6)), doubleTalkSource(levelDbm0 - 15, seconds(5.6)))]);
}

/** The same after two seconds in which there was noise at the near end, 30 dB below the far end. */
export function noise(levelDbm0: number): Scene {
  const bed = new EchoTestBed({ paths: annexD });
  return thenFarAlone(bed, levelDbm0, [bed.run(compositeSource(levelDbm0, seconds(2.1)), hothNoise(levelDbm0 - 30, seconds(2.1)))]);
}

/** As G.168 has it: the filter is frozen before what it leaves is measured, on each line. */
export function frozenAfterNoiseDbm0(levelDbm0: number): readonly number[] {
  const bed = new EchoTestBed({ paths: annexD });
  bed.run(compositeSource(levelDbm0, seconds(2.1)), hothNoise(levelDbm0 - 30, seconds(2.1)));
  bed.switch({ adapt: false });
  return bed.run(compositeSource(levelDbm0, seconds(2.8))).map((recording) => residualDbm0(recording, seconds(0.7)));
}

/** The residual of the 350 ms after convergence and then 2.5 s of each of G.168's narrow-band signals. */
export function tones(levelDbm0: number): Scene {
  const bed = new EchoTestBed({ paths: annexD });
  const converged = bed.run(compositeSource(levelDbm0, seconds(4.9)));
  return thenFarAlone(bed, levelDbm0, [converged, ...narrowBandTonesHz.map((frequencies) => bed.run(tonesAt(levelDbm0, frequencies, seconds(2.5))))]);
}

/** Real speech on both sides, after 8 s of the far voice alone: residual of the 4 s after it. Undefined without the prompts. */
export function speechOnBothSides(): Scene | undefined {
  const far = speech(-15, seconds(24), 40);
  const near = speech(-15, seconds(12), 200);
  if (far === undefined || near === undefined) return undefined;
  const bed = new EchoTestBed({ paths: annexD });
  const stages = [bed.run(far.subarray(0, seconds(8))), bed.run(far.subarray(seconds(8), seconds(20)), near), bed.run(far.subarray(seconds(20)))];
  return { recordings: joined(...stages), measure: (recording) => residualDbm0(recording, seconds(20)) };
}

/** By how much our suppressor attenuates the near voice, dB, on each line. */
export function nearVoiceAttenuationDb(): readonly number[] | undefined {
  const far = speech(-15, seconds(20), 40);
  const near = speech(-15, seconds(12), 200);
  if (far === undefined || near === undefined) return undefined;
  const bed = new EchoTestBed({ paths: annexD });
  bed.switch({ suppress: true, comfortNoise: true });
  bed.run(far.subarray(0, seconds(8)));
  return bed.run(far.subarray(seconds(8)), near).map((recording) => talkAttenuationDb(recording));
}

function thenFarAlone(bed: EchoTestBed, levelDbm0: number, before: readonly (readonly Recording[])[]): Scene {
  const recordings = joined(...before, bed.run(compositeSource(levelDbm0, seconds(0.36))));
  return { recordings, measure: (recording) => residualDbm0(recording, recording.out.length - seconds(0.36)) };
}

/** Stage after stage, line by line. */
function joined(...stages: readonly (readonly Recording[])[]): readonly Recording[] {
  return stages[0]!.map((_, channel) => {
    const parts = stages.map((stage) => stage[channel]!);
    return {
      far: Int16Array.from(parts.flatMap((stage) => [...stage.far])),
      near: Int16Array.from(parts.flatMap((stage) => [...stage.near])),
      out: Int16Array.from(parts.flatMap((stage) => [...stage.out])),
      echo: Float64Array.from(parts.flatMap((stage) => [...stage.echo])),
      talk: Float64Array.from(parts.flatMap((stage) => [...stage.talk])),
    };
  });
}

function part({ far, near, out, echo, talk }: Recording, from: number): Recording {
  return { far: far.subarray(from), near: near.subarray(from), out: out.subarray(from), echo: echo.subarray(from), talk: talk.subarray(from) };
}
