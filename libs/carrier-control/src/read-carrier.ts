import type { CarrierPlan } from './carrier-plan.ts';
import { faultOf, type Shape } from './shape.ts';
import type { CarrierRequest } from './wire.ts';

export type ReadRequest = { readonly ok: true; readonly request: CarrierRequest } | { readonly ok: false; readonly n: number | null; readonly text: string };
export type ReadPlan = { readonly ok: true; readonly plan: CarrierPlan } | { readonly ok: false; readonly text: string };

/** One line of the control socket. */
export function readCarrierRequest(line: string): ReadRequest {
  const value = parsed(line);
  const n = typeof value === 'object' && value !== null && 'n' in value && typeof value.n === 'number' ? value.n : null;
  const isAct = typeof value === 'object' && value !== null && 'act' in value;
  const fault = value === undefined ? 'no JSON' : faultOf(value, isAct ? actRequest : askRequest);
  return fault === undefined ? { ok: true, request: value as CarrierRequest } : { ok: false, n, text: fault };
}

/** A plan as a file has it. */
export function readCarrierPlan(text: string): ReadPlan {
  const value = parsed(text);
  const fault = value === undefined ? 'no JSON' : faultOf(value, plan);
  return fault === undefined ? { ok: true, plan: value as CarrierPlan } : { ok: false, text: fault };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const optionalText: Shape = { optional: 'text' };
const optionalFlag: Shape = { optional: 'flag' };
const optionalNumber: Shape = { optional: 'number' };
/** What refuses. */
const finalStatus: Shape = { from: 300, to: 699 };
const transport: Shape = { values: ['udp', 'tcp', 'tls'] };
const socket = { transport, address: 'text', port: { from: 0, to: 65_535 } } as const;

const sound: Shape = { either: [{ values: ['own', 'echo', 'silence'] }, { fields: { hz: { from: 200, to: 3_600 }, levelDbm0: { optional: { from: -60, to: 0 } } } }] };

const behaviour: Shape = {
  by: 'is',
  kinds: {
    answered: { afterMs: 'number', earlyMedia: optionalFlag, speaks: { optional: sound }, hangsUpAfterMs: optionalNumber },
    noAnswer: { earlyMedia: optionalFlag },
    refused: { status: finalStatus, reason: optionalText, afterMs: optionalNumber, announcement: optionalFlag },
  },
};

const plan: Shape = {
  fields: {
    name: 'text',
    listen: { list: { fields: socket } },
    domain: 'text',
    customers: {
      list: {
        by: 'type',
        kinds: {
          registration: { username: 'text', password: 'text', challengesCalls: optionalFlag, calledIn: { optional: { values: ['requestUri', 'to'] } }, numbers: { list: 'text' } },
          address: { name: 'text', ...socket, credentials: { optional: { fields: { username: 'text', password: 'text' } } }, numbers: { list: 'text' } },
        },
      },
    },
    numbers: { list: { fields: { digits: 'text', behaviour } } },
    usual: { optional: behaviour },
    channels: optionalNumber,
    codecs: { optional: { list: { values: ['PCMU', 'PCMA'] } } },
    tones: { optional: { fields: { firstHz: 'number', stepHz: 'number', count: 'number' } } },
  },
};

const failure: Shape = {
  by: 'is',
  kinds: {
    blackHole: {},
    silentAfter: { status: { values: [100, 180, 183] }, of: { values: ['call', 'carrier'] } },
    refuse: { status: finalStatus, what: { values: ['calls', 'everything'] }, retryAfterS: optionalNumber },
    reset: {},
    full: {},
    refuseRegistration: { status: finalStatus },
    closed: {},
    delay: { ms: 'number' },
  },
};

const act: Shape = {
  by: 'do',
  kinds: {
    call: {
      to: 'text', from: { nullable: 'text' }, name: optionalText, asserted: { optional: { nullable: 'text' } }, diversion: optionalText, sound: { optional: sound }, lateOffer: optionalFlag,
      givesUpAfterMs: optionalNumber,
    },
    answer: { call: 'text' },
    hangUp: { call: optionalText, reason: optionalText },
    speak: { call: 'text', sound },
    press: { call: 'text', digits: 'text' },
    hold: { call: 'text' },
    resume: { call: 'text' },
    fail: { failure },
    mend: {},
    forget: {},
    number: { digits: 'text', behaviour: { nullable: behaviour } },
    limit: { channels: { nullable: 'number' } },
  },
};

const actRequest: Shape = { fields: { n: 'number', act } };
const askRequest: Shape = { by: 'ask', kinds: { state: { n: 'number' }, messages: { n: 'number', after: 'number' } } };
