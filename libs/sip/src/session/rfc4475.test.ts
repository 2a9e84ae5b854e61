import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FakeTimers } from '@tipring/clock';
import { createResponse } from '../message/create.ts';
import { parseMessage } from '../message/parse.ts';
import { tortureMessages } from '../message/rfc4475.test-support.ts';
import { TransactionLayer } from '../transaction/transaction-layer.ts';
import { SessionLayer } from './session-layer.ts';

/** What the registrar and its digest are asked to judge: not this layer's. */
const registrars = new Set(['regbadct', 'unksm2', 'regaut01']);

test.each(tortureMessages)('$name (RFC 4475 $clause) gets the answer the RFC asks of the stack', (row) => {
  const bytes = readFileSync(new URL(`../../test-data/rfc4475/${row.name}.dat`, import.meta.url));
  const statuses = answersTo(bytes);
  if (row.stack === 'silence') expect(statuses).toEqual([]);
  else if (registrars.has(row.name)) expect(statuses).toEqual([200]);
  else if (row.stack === 'wellFormed') expect(statuses.filter((status) => status === 400 || status === 505)).toEqual([]);
  else expect(row.stack).toContain(statuses[0]);
  // Whatever answers a request is a message itself, and comes once while nobody repeats it.
  expect(statuses.length).toBeLessThanOrEqual(1);
});

test('all of them to one stack, and nothing is left after the longest timer', () => {
  const { transactions, sessions, timers, flow } = stack([]);
  for (const row of tortureMessages) transactions.receiveBytes(readFileSync(new URL(`../../test-data/rfc4475/${row.name}.dat`, import.meta.url)), flow);
  expect(timers.runAll(100_000)).toBe(true);
  expect([transactions.size, sessions.size]).toEqual([{ clients: 0, servers: 0, pending: 0 }, 0]);
});

function answersTo(bytes: Uint8Array): number[] {
  const statuses: number[] = [];
  const { transactions, flow } = stack(statuses);
  transactions.receiveBytes(bytes, flow);
  return statuses;
}

function stack(statuses: number[]) {
  const timers = new FakeTimers();
  const flow = { id: 'f', transport: 'udp', local: { address: '192.0.2.1', port: 5060 }, remote: { address: '192.0.2.99', port: 5060 } } as const;
  const transactions = new TransactionLayer(
    {
      send(_hop, bytes) {
        const outcome = parseMessage(bytes);
        if (outcome.ok && outcome.message.kind === 'response') statuses.push(outcome.message.status);
        else statuses.push(Number(/^SIP\/2\.0 (\d{3})/.exec(Buffer.from(bytes).toString('latin1'))?.[1]));
      },
      hopFor: (hop) => hop,
      advertised: () => ({ transport: 'udp', address: '192.0.2.1', port: 5060 }),
    },
    timers,
    () => 0.5,
  );
  const sessions = new SessionLayer(
    { transactions, timers, random: () => 0.5 },
    { onInvite: (invite) => invite.refuse(404), onRequest: (transaction) => transaction.respond(createResponse(transaction.request, 200)) },
    { product: 'Tipring', methods: ['REGISTER'], dialogMethods: [], sessionTimer: { expiresS: 0, minimumS: 90 } },
  );
  return { timers, flow, transactions, sessions };
}
