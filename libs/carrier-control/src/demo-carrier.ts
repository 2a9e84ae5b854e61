import type { CarrierPlan, NumberRule } from './carrier-plan.ts';

/** The carrier of the demo as its customer has to know it. Its account is no secret: it is reached on this machine alone. */
export const demoCarrier = {
  /** Loopback, and not the PBX’s own address there. */
  host: '127.0.0.60',
  /** Unless TIPRING_CARRIER_PORT says otherwise, to both of them. */
  port: 5070,
  transport: 'udp',
  domain: 'carrier.example',
  username: 'tipring-demo',
  password: 'demo-of-the-simulated-carrier',
  expiresS: 120,
  channels: 4,
  /** The customer’s own numbers, E.164; the first is its main number. The simulated lines have the same office code (2125550101 … 0104). */
  numbers: ['+12125550110', '+12125550111', '+12125550112', '+12125550113', '+12125550114'],
  /** Somebody outside, when nothing else is said. */
  caller: { number: '+13105550123', name: 'Carol Outside' },
  /** Numbers one can call to see what becomes of it, dialled as +1 212 555 01xx; the simulated lines reach them too, and answer as their policy says. */
  known: {
    answers: '+12125550190',
    busy: '+12125550191',
    noAnswer: '+12125550192',
    unallocated: '+12125550193',
    announcement: '+12125550194',
    echo: '+12125550195',
    earlyMedia: '+12125550196',
  },
} as const;

/** What the simulated carrier of the demo is started with. */
export function demoCarrierPlan(port: number = demoCarrier.port): CarrierPlan {
  const { host: address, domain, username, password, numbers, channels } = demoCarrier;
  return {
    name: 'Demo carrier',
    listen: [{ transport: 'udp', address, port }, { transport: 'tcp', address, port }],
    domain,
    customers: [{ type: 'registration', username, password, numbers }],
    numbers: knownNumbers(),
    usual: { is: 'answered', afterMs: 3_000, earlyMedia: true, speaks: 'own' },
    channels,
  };
}

/** By their last seven digits: in whatever form a trunk writes them. */
export function knownNumbers(): readonly NumberRule[] {
  const { known } = demoCarrier;
  return [
    { digits: known.answers.slice(-7), behaviour: { is: 'answered', afterMs: 0, speaks: 'own' } },
    { digits: known.busy.slice(-7), behaviour: { is: 'refused', status: 486 } },
    { digits: known.noAnswer.slice(-7), behaviour: { is: 'noAnswer' } },
    { digits: known.unallocated.slice(-7), behaviour: { is: 'refused', status: 404 } },
    { digits: known.announcement.slice(-7), behaviour: { is: 'refused', status: 404, announcement: true } },
    { digits: known.echo.slice(-7), behaviour: { is: 'answered', afterMs: 0, speaks: 'echo' } },
    { digits: known.earlyMedia.slice(-7), behaviour: { is: 'answered', afterMs: 4_000, earlyMedia: true, speaks: 'own' } },
  ];
}
