import type { LineAct, SimulatorAct, TelephoneAct, WireAct } from '@tipring/cards';
import { AnalogOffice, type OfficePort } from '../testbed/analog-office.ts';
import { countryLine, regionNamed } from '../testbed/country-line.ts';
import { tone } from '../testbed/ip-phone.ts';
import { anyMedia } from '../testbed/office-controller.ts';
import { Dice } from '../testbed/random.ts';

/** An afternoon on which anything happens at any moment, through simulated exchanges, audio and detectors. */
export interface RandomOfficeResult {
  /** Of events on one line or telephone, each ended by 15 s in which nothing happens. */
  readonly sequences: number;
  readonly events: number;
  readonly talked: number;
  readonly recovered: number;
  readonly legs: number;
  /** What was not as it has to be after those 15 s. */
  readonly wrong: readonly string[];
  /** Timers that were left when all was closed. */
  readonly timers: number;
}

export function runRandomOffice(lines: number, telephones: number, rounds: number, seed: number): RandomOfficeResult {
  const dice = new Dice(seed);
  const ports: OfficePort[] = [
    ...Array.from({ length: lines }, (_, index): OfficePort => {
      const region = countries[index % countries.length]!;
      const plug = countryLine(regionNamed(region), { number: `55501${index}`, policy: { is: 'answered', afterRings: 1, supervision: index % 2 === 0 ? 'reversal' : 'none' } });
      return { kind: 'line', region, plug: { ...plug, dialling: { ...plug.dialling, seizureMs: 60 } } };
    }),
    ...Array.from({ length: telephones }, (_, index): OfficePort => ({ kind: 'station', region: countries[index % countries.length]!, plug: { name: `Telephone ${index}`, wire: { cable: { gauge: '0.5 mm', km: 0.5 } } } })),
  ];
  const office = new AnalogOffice(ports);
  office.phone.voiceOf = (call) => tone(500 + 10 * (call % 40));
  const wrong: string[] = [];
  let events = 0;
  for (let round = 0; round < rounds; round++) {
    for (let step = 0; step < 60; step++) {
      for (let n = 1; n <= ports.length; n++) if (dice.next() < 0.25) events += happen(office, n, ports[n - 1]!.kind, dice) ? 1 : 0;
      if (dice.next() < 0.05) events += disaster(office, dice);
      office.pass(dice.pick([40, 200, 500, 1_000, 3_000]));
    }
    atLast(office, ports);
    office.pass(15_000);
    wrong.push(...leftOvers(office, ports).map((text) => `seed ${seed}, round ${round}: ${text}`));
  }
  const { records, ledger } = office;
  const result = { sequences: rounds * ports.length, events, talked: records.filter(({ answeredAt }) => answeredAt !== null).length, recovered: records.filter(({ recovered }) => recovered).length, legs: ledger.legs };
  return { ...result, timers: office.close(), wrong };
}

function happen(office: AnalogOffice, n: number, kind: OfficePort['kind'], dice: Dice): boolean {
  const port = office.idOf(n);
  const wires: readonly Bare<WireAct>[] = [{ do: 'spike' }, { do: 'lightning' }, { do: 'ringBleed', ms: 500 }, { do: 'noise', levelDbm0: -50 }, { do: 'noise', levelDbm0: null }];
  if (dice.next() < 0.1) return office.tryAct({ on: 'wire', port, ...dice.pick(wires) } as SimulatorAct).ok;
  if (kind === 'station') return office.tryAct({ on: 'telephone', port, ...dice.pick(telephoneActs(dice)) } as SimulatorAct).ok;
  if (dice.next() < 0.15) {
    office.controller.exchange.offer(office.ledger.offer(office.phone.offer(dice.next() < 0.2 ? '112' : `9${String(n).padStart(2, '0')}5551234`, { number: '2000', name: 'Anna' }, anyMedia)));
    return true;
  }
  if (dice.next() < 0.15) {
    const call = office.phoneCallOf(n);
    if (call === undefined) return false;
    call.leg.say(dice.pick([{ type: 'held' }, { type: 'resumed' }, { type: 'digit', digit: '5', durationMs: 100 }, { type: 'released', cause: 'normalClearing', evidence: { kind: 'bye', text: 'hung up' } }] as const));
    return true;
  }
  return office.tryAct({ on: 'line', port, ...dice.pick(lineActs) } as SimulatorAct).ok;
}

function telephoneActs(dice: Dice): readonly Bare<TelephoneAct>[] {
  const digits = dice.pick(['1001#', '2001#', '9015551234#', '9025551234', '112', '999#', '5']);
  return [{ do: 'lift' }, { do: 'lift' }, { do: 'hangUp' }, { do: 'flash' }, { do: 'dial', digits }, { do: 'dial', digits }, { do: 'dial', digits: '2001', by: 'pulse' }, { do: 'speak', tone: { frequencyHz: 700 } }];
}

const lineActs: readonly Bare<LineAct>[] = [
  { do: 'call', number: { shown: '5559876' } }, { do: 'call', number: { absent: 'private' } }, { do: 'call' }, { do: 'call' }, { do: 'hangUp', by: { by: 'openLoop', ms: 400 } }, { do: 'hangUp', by: { by: 'polarity' } }, { do: 'hangUp', by: { by: 'tone', tone: 'busy' } },
  { do: 'hangUp', by: { by: 'dialTone' } }, { do: 'hangUp', by: { by: 'silence' } }, { do: 'policy', policy: { is: 'busy' } }, { do: 'policy', policy: { is: 'noAnswer' } }, { do: 'policy', policy: { is: 'dead' } }, { do: 'policy', policy: { is: 'answered', afterRings: 0, supervision: 'reversal' } },
  { do: 'battery', battery: 'off' }, { do: 'battery', battery: 'on' }, { do: 'polarity', polarity: 'reversed' }, { do: 'polarity', polarity: 'normal' }, { do: 'lamp', lamp: 'blinks' }, { do: 'lamp', lamp: 'off' }, { do: 'speak', tone: { frequencyHz: 1_004 } },
];

/** What happens to all of them. */
function disaster(office: AnalogOffice, dice: Dice): number {
  switch (dice.pick(['restart', 'pull', 'insert', 'configure'] as const)) {
    case 'restart':
      office.begin();
      return 1;
    case 'pull':
      office.act({ on: 'card', card: 'SIM-1', do: 'pull' });
      office.timers.start(dice.between(50, 4_000), () => office.act({ on: 'card', card: 'SIM-1', do: 'insert' }));
      return 1;
    case 'insert':
      office.act({ on: 'card', card: 'SIM-1', do: 'insert' });
      return 1;
    case 'configure':
      office.configure((port) => (port.kind === 'line' ? { ...port, overrides: { flashMs: Math.round(dice.between(80, 700)), gains: { receiveDb: Math.round(dice.between(-3, 3)) } } } : port));
      return 1;
  }
}

/** The last event: everybody hangs up, and the wires are as they should be. */
function atLast(office: AnalogOffice, ports: readonly OfficePort[]): void {
  office.act({ on: 'card', card: 'SIM-1', do: 'insert' });
  ports.forEach(({ kind }, index) => {
    const port = office.idOf(index + 1);
    office.act({ on: 'wire', port, do: 'noise', levelDbm0: null });
    if (kind === 'station') return void office.act({ on: 'telephone', port, do: 'hangUp' });
    office.act({ on: 'line', port, do: 'battery', battery: 'on' });
    office.tryAct({ on: 'line', port, do: 'hangUp', by: { by: 'silence' } });
    office.act({ on: 'line', port, do: 'policy', policy: { is: 'answered', afterRings: 1, supervision: 'none' } });
  });
  for (const { id } of office.controller.exchange.calls()) office.controller.exchange.hangUp(id);
}

function leftOvers(office: AnalogOffice, ports: readonly OfficePort[]): string[] {
  const wrong: string[] = [];
  ports.forEach(({ kind }, index) => {
    const n = index + 1;
    if (kind === 'line' && (office.line(n).hook !== 'on' || office.isSeized(n))) wrong.push(`line ${n} is ${office.line(n).state}, ${office.line(n).hook ?? 'nobody knows'}-hook, seized ${office.isSeized(n)}`);
    if (kind === 'station' && office.station(n).state !== 'idle') wrong.push(`station ${n} is ${office.station(n).state}`);
  });
  if (office.controller.exchange.size > 0) wrong.push(`${office.controller.exchange.size} calls`);
  if (office.gateway.contexts.size > 0) wrong.push(`${office.gateway.contexts.size} contexts`);
  if (office.controller.listeners > 0) wrong.push(`${office.controller.listeners} terminations are listened to`);
  wrong.push(...office.ledger.wrong, ...office.ledger.late.splice(0), ...office.controllers.flatMap(({ bugs }) => bugs.splice(0)));
  const ids = office.records.map(({ id }) => id);
  if (new Set(ids).size < ids.length) wrong.push('a call has two records');
  return wrong;
}

type Bare<Act> = Act extends unknown ? Omit<Act, 'on' | 'port'> : never;

const countries = ['US', 'GB', 'DE', 'JP', 'BR', 'FR', 'CN', 'DK'];
