import type { StationOverrides } from '@tipring/config';
import { expect, test } from 'vitest';
import { AnalogOffice, extensionId, type OfficePort } from '../testbed/analog-office.ts';

/* What is plugged in besides telephones, and what telephones are told of messages, through wires, audio and detectors. */

const wire = { cable: { gauge: '0.5 mm', km: 0.5 } } as const;

function station(use: 'telephone' | 'fax' | 'paging' | 'door', overrides: StationOverrides = {}): OfficePort {
  return { kind: 'station', region: 'US', use, overrides, plug: { name: use, wire, display: { fsk: 'bell-202', dtmf: null, callWaiting: false } } };
}

function loud(office: AnalogOffice, n: number): readonly number[] {
  return office.telephone(n).hears.filter(({ dbm0 }) => dbm0 > -40).map(({ hz }) => Math.round(hz));
}

/** Telephone 1 calls 2, which goes off hook by itself. */
function calling(office: AnalogOffice): void {
  office.act({ on: 'telephone', port: office.idOf(1), do: 'lift' });
  office.pass(1_000);
  office.act({ on: 'telephone', port: office.idOf(1), do: 'dial', digits: '1002' });
  expect(office.until(() => office.telephone(2).ringing, 5_000)).not.toBeNull();
  office.act({ on: 'telephone', port: office.idOf(2), do: 'lift' });
  expect(office.until(() => office.station(2).state === 'talking', 2_000)).not.toBeNull();
}

test('a paging amplifier is heard to speak whoever pages, and nothing before and after: not dial tone, not busy tone, not the howler', () => {
  const office = new AnalogOffice([station('telephone'), station('paging')]);
  office.act({ on: 'telephone', port: office.idOf(2), do: 'lift' });
  office.pass(2_000);
  expect(office.telephone(2).hears).toEqual([]);
  office.act({ on: 'telephone', port: office.idOf(2), do: 'hangUp' });
  office.pass(2_000);
  calling(office);
  office.act({ on: 'telephone', port: office.idOf(1), do: 'speak', tone: { frequencyHz: 700 } });
  office.pass(1_000);
  expect(loud(office, 2)).toEqual([700]);
  office.act({ on: 'telephone', port: office.idOf(1), do: 'hangUp' });
  // It sees the loop open, and would hang up; this one does not.
  for (let seconds = 0; seconds < 90; seconds += 3) {
    office.pass(3_000);
    expect(office.telephone(2).hears).toEqual([]);
  }
  expect(office.station(2).state).toBe('parked');
  office.act({ on: 'telephone', port: office.idOf(2), do: 'hangUp' });
  office.pass(2_000);
  expect([office.station(2).state, office.controller.incidents, office.controller.bugs]).toEqual(['idle', [], []]);
  office.close();
});

test('whoever talks to a door phone opens the door by a digit, also from an analog telephone whose digits go as tones; the door phone hears the code of its relay', () => {
  const office = new AnalogOffice([station('telephone'), station('door', { door: { digit: '5', code: '9' } })]);
  calling(office);
  office.act({ on: 'telephone', port: office.idOf(1), do: 'dial', digits: '5' });
  // 9 is 852 and 1477 Hz, 5 is 770 and 1336.
  expect(office.until(() => [852, 1_477].every((tone) => loud(office, 2).some((hz) => Math.abs(hz - tone) < 15)), 2_000)).not.toBeNull();
  expect(office.controller.incidents.filter((incident) => incident.includes('doorOpened'))).toHaveLength(1);
  for (const n of [1, 2]) office.act({ on: 'telephone', port: office.idOf(n), do: 'hangUp' });
  office.pass(5_000);
  expect(office.recordOf(2)?.story.filter(({ text }) => text === 'the door was opened by Telephone 1, 1001')).toHaveLength(1);
  office.close();
});

test('a fax that answers is carried as data: its port says so in the story of the call, once', () => {
  const office = new AnalogOffice([station('telephone'), station('fax')]);
  calling(office);
  office.act({ on: 'telephone', port: office.idOf(2), do: 'speak', tone: { frequencyHz: 2_100 } });
  office.pass(3_000);
  for (const n of [1, 2]) office.act({ on: 'telephone', port: office.idOf(n), do: 'hangUp' });
  office.pass(5_000);
  const told = office.recordOf(2)?.story.filter(({ text }) => /heard from|carried as data/.test(text)).map(({ text }) => text);
  expect(told?.filter((text) => text.startsWith('heard from the port: answer tone'))).toHaveLength(1);
  expect(told?.filter((text) => text.startsWith('heard from the other side: answer tone'))).toHaveLength(1);
  expect(told?.filter((text) => text.startsWith('carried as data'))).toHaveLength(2);
  office.close();
});

test('messages are told on hook by data and lamp, after a call what came during it; and that there are none any more', () => {
  const office = new AnalogOffice([station('telephone', { messageWaiting: { data: true, lamp: true } }), station('telephone')]);
  const leave = (messages: number): void => {
    office.controller.messages.set(extensionId(1), messages);
    office.controller.lines.messagesChanged(extensionId(1));
  };
  leave(2);
  office.pass(4_000);
  expect(office.telephone(1)).toMatchObject({ messageWaiting: true, lamp: 'on' });
  calling(office);
  leave(0);
  office.pass(2_000);
  // Not into the call.
  expect(office.telephone(1)).toMatchObject({ messageWaiting: true });
  for (const n of [1, 2]) office.act({ on: 'telephone', port: office.idOf(n), do: 'hangUp' });
  office.pass(6_000);
  expect(office.telephone(1)).toMatchObject({ messageWaiting: false, lamp: 'off' });
  office.close();
});
