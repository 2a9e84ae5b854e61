import { expect, test } from 'vitest';
import { middleBits, ntpOfUnixMs, roundTripMs } from './ntp.ts';
import { readRtcp, type RtcpReport, writeRtcp } from './rtcp.ts';
import { rtcpIntervalMs } from './rtcp-interval.ts';

const reception = { ssrc: 0xcafe0001, fractionLost: 12, cumulativeLost: 70_000, extendedHighestSequence: 0x0001_0002, jitter: 33, lastSenderReport: 0xdeadbeef, delaySinceLast: 65_536 };
const report: RtcpReport = { ssrc: 0x89abcdef, cname: 'gateway@tipring', sender: { ntp: { seconds: 3_900_000_000, fraction: 1 << 30 }, rtpTimestamp: 0xfffffff0, packets: 50, octets: 8000 }, reception };

test('a compound of SR, SDES and BYE is read back whole (RFC 3550 6.1)', () => {
  expect(readRtcp(writeRtcp({ ...report, bye: true }))).toEqual([
    { type: 'senderReport', ssrc: report.ssrc, sender: report.sender, reports: [reception] },
    { type: 'bye', ssrcs: [report.ssrc] },
  ]);
});

test('who sent nothing sends RR, and the CNAME is item 1 (RFC 3550 6.4.2, 6.5.1)', () => {
  const bytes = writeRtcp({ ...report, sender: null });
  expect(readRtcp(bytes)).toEqual([{ type: 'receiverReport', ssrc: report.ssrc, reports: [reception] }]);
  const sdes = 8 + 24;
  expect([...bytes.subarray(sdes, sdes + 10)]).toEqual([0x81, 202, 0, 6, 0x89, 0xab, 0xcd, 0xef, 1, report.cname.length]);
});

test('truncated, empty and random packets are null, never an exception', () => {
  const whole = writeRtcp(report);
  for (let length = 0; length < whole.length; length++) expect(() => readRtcp(whole.slice(0, length))).not.toThrow();
  expect(readRtcp(new Uint8Array(0))).toBeNull();
  expect(readRtcp(whole.subarray(0, 20))).toBeNull();
  let seed = 7;
  for (let i = 0; i < 20_000; i++) {
    const mutant = whole.slice();
    for (let n = 0; n < 3; n++) mutant[(seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % mutant.length] = seed >> 8;
    expect(() => readRtcp(mutant)).not.toThrow();
  }
});

test('a packet inside a larger buffer is read from where it is', () => {
  const whole = writeRtcp(report);
  const large = new Uint8Array(500);
  large.set(whole, 100);
  expect(readRtcp(large.subarray(100, 100 + whole.length))).toEqual(readRtcp(whole));
});

test('the round trip is now less LSR less DLSR (RFC 3550 6.4.1)', () => {
  const sentAt = ntpOfUnixMs(1_700_000_000_000.5);
  const now = ntpOfUnixMs(1_700_000_002_040.5);
  expect(roundTripMs(now, middleBits(sentAt), 2 * 65_536)).toBeCloseTo(40, 1);
  expect(roundTripMs(now, 0, 0)).toBeNull();
  expect(roundTripMs(sentAt, middleBits(now), 0)).toBeNull();
});

test('the round trip example of RFC 3550 figure 2 comes out as 6.125 s', () => {
  // Arrival 0xb7108000 less LSR 0xb7052000 less DLSR 0x00054000 is 0x00062000.
  expect(roundTripMs({ seconds: 0xb44db710, fraction: 0x80000000 }, 0xb705_2000, 0x0005_4000)).toBeCloseTo(6125, 3);
});

test('reports are due every five seconds or so, spread, the first one sooner (RFC 3550 6.3.1)', () => {
  expect(rtcpIntervalMs(0.5, 'later')).toBeCloseTo(5000 / (Math.E - 1.5), 6);
  expect(rtcpIntervalMs(0, 'first')).toBeCloseTo(1250 / (Math.E - 1.5), 6);
  expect(rtcpIntervalMs(0.999, 'later')).toBeLessThan(6200);
});
