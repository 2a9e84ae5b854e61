import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../launcher/places.mjs';
import type { RunningPbx } from '../../testbed/pbx.ts';
import { Sipp } from '../../testbed/sipp.ts';

export interface LoadFigures {
  /** What sipp really began a second. */
  readonly offeredPerSecond: number;
  /** From the third second on, until no more is offered: what a person at a gauge would see. */
  readonly acceptedPerSecond: number;
  readonly offered: number;
  readonly accepted: number;
  /** Answered 503. */
  readonly refused: number;
  /** Neither accepted nor refused: unanswered, or answered otherwise. */
  readonly failed: number;
}

/** Calls or registrations at a rate for so many seconds, whatever becomes of them; each is ended by sipp when it is stuck. */
export async function loadWithSipp(
  pbx: RunningPbx,
  load: {
    readonly scenario: 'uac-call.xml' | 'uac-register.xml';
    readonly accounts: readonly (readonly string[])[];
    readonly localPort: number;
    readonly perSecond: number;
    readonly seconds: number;
    readonly talkMs?: number;
    readonly cpu?: string;
  },
): Promise<LoadFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'tipring-sipp-load-'));
  const sipp = Sipp.start({
    folder,
    scenario: join(root, 'tools/sipp', load.scenario),
    remote: `${pbx.host}:${pbx.ports.sip}`,
    localPort: load.localPort,
    transport: 'udp',
    calls: Math.round(load.perSecond * load.seconds),
    rate: load.perSecond,
    limit: 100_000,
    ...(load.talkMs === undefined ? {} : { pauseMs: load.talkMs }),
    accounts: load.accounts,
    keys: { rtp_address: pbx.host, rtp_port: 9 },
    ...(load.cpu === undefined ? {} : { cpu: load.cpu }),
    extra: ['-buff_size', '4000000', '-timeout', `${load.seconds + 40}s`],
  });
  await sipp.ended();
  const rows = readRows(join(folder, 'statistics.csv'));
  const last = rows.at(-1);
  if (last === undefined) throw new Error(`sipp wrote no statistics:\n${sipp.errors()}`);
  rmSync(folder, { recursive: true, force: true });
  const began = last.beganAt;
  const from = rows.find((row) => row.at - began >= 2) ?? last;
  // Its clock is late when it is overloaded itself: what counts is when it stopped beginning new ones.
  const to = rows.find((row) => row.offered === last.offered) ?? last;
  const until = to === from ? last : to;
  return {
    offeredPerSecond: to.offered / Math.max(0.001, to.at - began),
    acceptedPerSecond: (until.accepted - from.accepted) / Math.max(0.001, until.at - from.at),
    offered: last.offered,
    accepted: last.accepted,
    refused: last.refused,
    failed: last.offered - last.accepted - last.refused,
  };
}

interface Row {
  /** Seconds since the epoch. */
  readonly beganAt: number;
  readonly at: number;
  readonly offered: number;
  readonly accepted: number;
  readonly refused: number;
}

function readRows(file: string): Row[] {
  if (!existsSync(file)) return [];
  const [heading = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const names = heading.split(';');
  return lines.map((line) => {
    const values = line.split(';');
    const field = (name: string) => values[names.indexOf(name)] ?? '';
    const refused = Number(field('GenericCounter1(C)'));
    return { beganAt: epoch(field('StartTime')), at: epoch(field('CurrentTime')), offered: Number(field('OutgoingCall(C)')), accepted: Number(field('SuccessfulCall(C)')) - refused, refused };
  });
}

/** `2026-11-22 18:31:10.123456 1795372270.123456`, separated by tabs. */
function epoch(text: string): number {
  return Number(text.trim().split(/\s+/).at(-1));
}
