import { expect, test } from 'vitest';
import { addressForPhones, type OwnAddress } from './likely-address.ts';

const own: readonly OwnAddress[] = [
  { interface: 'lo', address: '127.0.0.1' },
  { interface: 'docker0', address: '172.17.0.1' },
  { interface: 'br-9f3', address: '172.18.0.1' },
  { interface: 'eth1', address: '10.9.0.4' },
  { interface: 'wlan0', address: '192.168.1.10' },
  { interface: 'wlan0', address: '2001:db8::10' },
];
const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const route = (name: string, destination: string, metric: number, mask: string, flags = '0003') => `${name}\t${destination}\t0101A8C0\t${flags}\t0\t0\t${metric}\t${mask}\t0\t0\t0\n`;

test('a phone is given the address of the interface that the default route leaves by', () => {
  expect(addressForPhones(own, header + route('docker0', '000011AC', 0, '0000FFFF') + route('wlan0', '00000000', 600, '00000000'))).toBe('192.168.1.10');
});

test('of several default routes the one with the least metric counts, and one that is down does not', () => {
  const routes = header + route('wlan0', '00000000', 600, '00000000') + route('eth1', '00000000', 100, '00000000') + route('docker0', '00000000', 0, '00000000', '0002');
  expect(addressForPhones(own, routes)).toBe('10.9.0.4');
});

test('without a default route bridges come last, and loopback after them', () => {
  expect(addressForPhones(own, header)).toBe('10.9.0.4');
  expect(addressForPhones(own.slice(0, 3), '')).toBe('172.17.0.1');
  expect(addressForPhones(own.slice(0, 1), '')).toBe('127.0.0.1');
  expect(addressForPhones([], '')).toBe('127.0.0.1');
});

test('an IPv6 address is given only where there is no other', () => {
  expect(addressForPhones(own.slice(5).concat(own.slice(1, 2)), header + route('wlan0', '00000000', 600, '00000000'))).toBe('172.17.0.1');
  expect(addressForPhones([...own.slice(0, 1), ...own.slice(5)], header)).toBe('2001:db8::10');
});
