import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { exploreCall } from './call-graph.ts';
import { exploreLine } from './line-graph.ts';
import { machinesDocument } from './machines-document.ts';
import { exploreSubscription, exploreWatchedDialog } from './presence-graphs.ts';
import { exploreStation } from './station-graph.ts';
import { exploreCallOutcomes, exploreReachability, exploreRegistration } from './trunk-graphs.ts';

test('docs/machines.md is what the machines do; if not, run npm run docs and look at the difference', () => {
  expect(readFileSync(join(import.meta.dirname, '../../docs/machines.md'), 'utf8')).toBe(machinesDocument());
});

test('the exploration reaches every state of a call, and its end from each of them', () => {
  const text = exploreCall().graph.diagram();
  for (const state of ['first', 'setup, silent', 'setup, ringing', 'setup, early', 'setup, committed', 'talking', 'talking, held', 'releasing', 'measuring', 'ended']) {
    expect(text).toContain(`"${state}"`);
  }
  expect(text.match(/--> \[\*\]/g)).toHaveLength(1);
});

test('the exploration reaches every state of a station, and none of them is its end', () => {
  const text = exploreStation().graph.diagram();
  for (const state of ['disabled', 'idle', 'ringing', 'dialing', 'offered', 'ringback', 'early', 'talking', 'openLoop', 'toned', 'howling', 'parked', 'guard', 'choosing', 'holding']) {
    expect(text).toContain(`"${state}"`);
  }
  for (const step of ['pulse', 'waiting', 'bursts', 'sending', 'seized', 'told', 'settling']) expect(text).toContain(`"announcing, ${step}"`);
  for (const at of ['dialing', 'offered', 'ringback', 'early', 'talking', 'toned']) expect(text).toContain(`"${at}, one held"`);
  for (const is of ['toned', 'alerted', 'sending', 'pausing', 'told']) expect(text).toContain(`"talking, another waits, ${is}"`);
  expect(text).not.toContain('--> [*]');
});

test('the exploration reaches every state of a line', () => {
  const text = exploreLine().graph.diagram();
  for (const state of ['absent', 'disabled', 'idle', 'noBattery', 'inUseElsewhere', 'announced', 'reading', 'validating', 'collecting', 'offered', 'ignored', 'caught', 'answering', 'seizing', 'awaitingDialTone', 'outpulsing', 'awaitingAnswer', 'up', 'flashing', 'recalled', 'releasing', 'guard']) {
    expect(text).toContain(`"${state}"`);
  }
});

test('the exploration reaches every state of a trunk’s machines, and only a registration has an end', () => {
  const [registration, reachability, outcomes] = [exploreRegistration(), exploreReachability(), exploreCallOutcomes()].map((graph) => graph.diagram());
  for (const state of ['idle', 'registering', 'registered', 'waiting', 'unregistering', 'over']) expect(registration).toContain(`"${state}"`);
  for (const state of ['answering', 'lost']) expect(reachability).toContain(`"${state}"`);
  for (const state of ['carrying', 'barred', 'onTrial']) expect(outcomes).toContain(`"${state}"`);
  expect([registration, reachability, outcomes].map((text) => text?.includes('--> [*]'))).toEqual([true, false, false]);
});

test('the exploration reaches every state of what is watched and of a subscription, and both end', () => {
  const [dialog, subscription] = [exploreWatchedDialog(), exploreSubscription()].map((graph) => graph.diagram());
  for (const state of ['trying', 'early', 'confirmed', 'held', 'terminated']) expect(dialog).toContain(`"${state}"`);
  for (const state of ['quiet', 'due', 'due, ending', 'notifying', 'notifying, stale', 'notifying, ending', 'resting', 'leaving', 'over']) expect(subscription).toContain(`"${state}"`);
  for (const text of [dialog, subscription]) expect(text?.match(/--> \[\*\]/g)).toHaveLength(1);
});
