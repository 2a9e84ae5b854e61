import type { GatewayCommand } from '@tipring/gateway';
import { expect, test } from 'vitest';
import { anyMedia, LineBed, station } from './line-bed.ts';

const asVoice = { audio: 'voice', echo: { tailMs: 64 } };
const asData = { audio: 'data', echo: null };

/** How the ports were treated otherwise than they were opened. */
function treated(bed: LineBed): readonly unknown[] {
  return bed.gateway.sent.filter((command): command is Extract<GatewayCommand, { do: 'configurePort' }> => command.do === 'configurePort').map(({ port, treatment }) => [port, treatment]);
}

function faxNotes(bed: LineBed): readonly string[] {
  return bed.record.story.filter(({ text }) => /heard from|carried as data/.test(text)).map(({ text }) => text);
}

function answered(bed: LineBed): void {
  bed.desk.leg.say({ type: 'answered', supervision: 'signalled', media: anyMedia });
  bed.settle();
}

test('a fax that calls is carried as data from its calling tone to the end of its call, and the story tells why', () => {
  const bed = new LineBed({ plans: { stations: [station(1, { isFax: true })], lines: [] } });
  bed.call('103');
  answered(bed);
  expect(bed.gateway.port('SIM-1/1')?.listening).toEqual({ digits: true, fax: true });
  for (let times = 0; times < 3; times++) bed.happen(1, { type: 'faxTone', tone: 'cng' });
  bed.happen(1, { type: 'faxTone', tone: 'ced', side: 'far' });
  expect(treated(bed)).toEqual([['SIM-1/1', asData]]);
  bed.hangUp(1);
  expect(treated(bed).at(-1)).toEqual(['SIM-1/1', asVoice]);
  expect(faxNotes(bed)).toEqual([
    'heard from the port: calling tone of a fax (CNG)',
    'carried as data from now on: the echo canceller is off, gains and delay do not change any more',
    'heard from the other side: answer tone of a fax or modem (CED)',
  ]);
});

test('at a telephone only a tone that answers is believed; the next call is one of voices again', () => {
  const bed = new LineBed();
  bed.call('95551234');
  bed.pass(300);
  bed.tone(3, 'dial');
  bed.settle();
  bed.happen(3, { type: 'soundEnded' });
  bed.happen(3, { type: 'polarity', polarity: 'reversed' });
  for (const port of [1, 3]) bed.happen(port, { type: 'faxTone', tone: 'cng' });
  expect(treated(bed)).toEqual([]);
  bed.happen(3, { type: 'faxTone', tone: 'ced' });
  bed.happen(1, { type: 'faxTone', tone: 'ced', side: 'far' });
  expect(treated(bed)).toEqual([['SIM-1/3', asData], ['SIM-1/1', asData]]);
  bed.hangUp(1);
  bed.pass(3_000);
  expect(treated(bed).slice(2).sort()).toEqual([['SIM-1/1', asVoice], ['SIM-1/3', { ...asVoice }]]);
  bed.call('103');
  answered(bed);
  bed.happen(1, { type: 'faxTone', tone: 'cng' });
  expect(treated(bed)).toHaveLength(4);
});
