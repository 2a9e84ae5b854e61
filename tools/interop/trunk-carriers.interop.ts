import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { root } from '../launcher/places.mjs';
import { freePorts } from '../testbed/ports.ts';
import { Sipp } from '../testbed/sipp.ts';
import { carrierPort, TrunkOffice } from '../testbed/trunk-office.ts';
import { Kamailio } from './kamailio/kamailio.ts';
import { CarrierParty } from './parties/carrier-party.ts';
import { bothHear } from './parties/party.ts';
import type { PhoneParty } from './parties/phone-party.ts';
import { BaresipPhone } from './phones/baresip.ts';
import { isInstalled } from './phones/installed.ts';
import { RtpParty } from './phones/rtp-party.ts';
import { type Recording, toneShare } from './tone.ts';
import { waitFor } from './wait-for.ts';

/*
 * Other people's programs as carriers: Kamailio as registrar and proxy with digest, found by SRV; sipp and baresip as peers that are known by their
 * addresses. Calls go out and come in, and each party hears the other's tone.
 */
const scratch = mkdtempSync(join(tmpdir(), 'tipring-carriers-'));
const number = '+12125550110';
const outsideHz = 1_860;

let office: TrunkOffice;
let phone: PhoneParty;

beforeAll(async () => {
  office = await TrunkOffice.start({
    lines: 1,
    zone: {
      'SRV _sip._udp.kamailio.example': [{ type: 'SRV', priority: 1, weight: 1, port: carrierPort, target: 'proxy.kamailio.example' }],
      'SRV _sip._tcp.kamailio.example': [{ type: 'SRV', priority: 1, weight: 1, port: carrierPort, target: 'proxy.kamailio.example' }],
      'A proxy.kamailio.example': [{ type: 'A', bytes: [127, 0, 0, 110] }],
    },
  });
  phone = office.phones[0]!;
  await office.addInboundRoute('all', [number], phone.number);
});

afterAll(async () => {
  await office?.stop();
  rmSync(scratch, { recursive: true, force: true });
});

afterEach(async () => {
  await phone.hangUp();
  await phone.rests();
});

describe('Kamailio', () => {
  needs('kamailio', 'kamailio');
  const account = { username: 'office', password: 'a secret of the office' };

  test.each([['udp', '71'], ['tcp', '72']] as const)('is found by SRV and registered with over %s, takes calls by digest and hands its own over', async (transport, prefix) => {
    const carrier = await office.carrier({ address: transport === 'udp' ? '127.0.0.111' : '127.0.0.112', transports: ['udp'], customers: [{ type: 'address', name: 'kamailio', transport: 'udp', address: '127.0.0.110', port: carrierPort, numbers: [] }], usual: { is: 'noAnswer' } });
    const kamailio = await Kamailio.start({ address: '127.0.0.110', port: carrierPort, domain: 'kamailio.example', ...account, switch: carrier.state().listening[0]! });
    try {
      const trunk = await office.addTrunk(`kamailio-${transport}`, { server: { host: 'kamailio.example', port: null, transport }, peering: { type: 'registration', ...account } });
      await office.addOutboundRoute(prefix, [{ trunk }]);
      await office.trunkIs(trunk, 'up');
      const outside = new CarrierParty(carrier, { number: `${prefix}2125550190`, shows: { number: '+13105550123', name: 'Carol Outside' } }, outsideHz);

      await phone.call(outside.number);
      await outside.isCalled();
      expect(outside.present.headers['Record-Route']?.[0]).toContain('127.0.0.110');
      expect(outside.present.headers).not.toHaveProperty('Proxy-Authorization');
      await outside.answer();
      await Promise.all([phone.speak(), outside.speak()]);
      await bothHear(phone, outside, 500);
      await phone.hangUp();
      await outside.isTold();

      await outside.call(number);
      await phone.isCalled();
      await phone.answer();
      await Promise.all([phone.speak(), outside.speak()]);
      await bothHear(phone, outside, 500);
      // A re-INVITE through the proxy.
      await carrier.act({ do: 'hold', call: outside.present.id });
      await waitFor('the held carrier to hear nothing', () => outside.present.hears.length === 0 || undefined);
      await carrier.act({ do: 'resume', call: outside.present.id });
      await bothHear(phone, outside, 300);
      await outside.hangUp();
      await phone.isTold();
      await office.change(`/trunks/${trunk}`, { isEnabled: false });
    } catch (error) {
      const heard = carrier.messages(0).slice(-6).map(({ way, startLine }) => `${way} ${startLine}`);
      throw new Error(`${String(error)}; the switch ${heard.join(', ')}; Kamailio said: ${kamailio.said()}`, { cause: error });
    } finally {
      await kamailio.stop();
      await carrier.close();
    }
  });
});

describe('sipp', () => {
  needs('sipp', 'sip-tester');

  test.each([['udp', '73', '127.0.0.113'], ['tcp', '74', '127.0.0.114']] as const)('answers calls that go out to it over %s, and hands its own over', async (transport, prefix, address) => {
    const rtp = await RtpParty.start(outsideHz);
    const trunk = await office.addTrunk(`sipp-${transport}`, { server: { host: address, port: carrierPort, transport }, peering: { type: 'address', sources: [address] }, health: { optionsIntervalS: null } });
    await office.addOutboundRoute(prefix, [{ trunk }]);
    const keys = { rtp_address: '127.0.0.1', rtp_port: rtp.port };
    let sipp = Sipp.start({ folder: folder('sipp'), scenario: scenario('uas-answer.xml'), localAddress: address, localPort: carrierPort, transport, calls: 1, keys });
    try {
      await phone.call(`${prefix}2125550190`);
      await phone.speak();
      await rtp.answering();
      await waitFor('sipp’s party to hear the phone', () => hears(rtp.heard(), phone.hz));
      await waitFor('the phone to hear sipp’s party', async () => (await phone.hears()).some(({ hz }) => hz === outsideHz) || undefined);
      await phone.hangUp();
      expect(await sipp.ended(), sipp.errors()).toBe(0);
    } finally {
      rtp.stop();
      await sipp.stop();
    }
    // TCP: sipp binds its connection to the address, and the port it listened on may still rest.
    const again = await RtpParty.start(outsideHz);
    const [free = 0] = await freePorts(1);
    sipp = Sipp.start({
      folder: folder('sipp'), scenario: scenario('uac-carrier-call.xml'), remote: `127.0.0.1:${office.pbx.ports.sip}`, localAddress: address, localPort: free, transport, calls: 1, pauseMs: 2_500,
      accounts: [['+13105550123', number]], keys: { rtp_address: '127.0.0.1', rtp_port: again.port },
    });
    try {
      expect(await phone.isCalled()).toEqual({ number: expect.stringMatching(/3105550123$/) as string, name: 'Carol Outside' });
      await phone.answer();
      await phone.speak();
      await again.answering();
      await waitFor('sipp’s party to hear the phone', () => hears(again.heard(), phone.hz));
      await waitFor('the phone to hear sipp’s party', async () => (await phone.hears()).some(({ hz }) => hz === outsideHz) || undefined);
      await phone.isTold();
      expect(await sipp.ended(), sipp.errors()).toBe(0);
    } finally {
      again.stop();
      await sipp.stop();
    }
  });
});

describe('baresip', () => {
  needs('baresip', 'baresip-core');

  test.each([['udp', '75', '127.0.0.115'], ['tcp', '76', '127.0.0.116']] as const)('answers calls that go out to it over %s, and hands its own over by UDP', async (transport, prefix, address) => {
    const [sipPort = 0, controlPort = 0] = await freePorts(2);
    const peer = await BaresipPhone.start({
      folder: folder('baresip'), account: { username: '12125550190', password: '', server: `${address}:${sipPort}`, transport }, registers: false, address, toneHz: 700, sipPort, controlPort, answer: 'auto',
    });
    try {
      const trunk = await office.addTrunk(`baresip-${transport}`, { server: { host: address, port: sipPort, transport }, peering: { type: 'address' }, calledForm: { format: 'e164Digits' } });
      await office.addOutboundRoute(prefix, [{ trunk }]);
      await office.trunkIs(trunk, 'up');
      await phone.call(`${prefix}2125550190`);
      await peer.event('CALL_ESTABLISHED');
      await phone.speak();
      await waitFor('baresip to hear the phone', () => peer.heard().some((heard) => hears(heard, phone.hz)) || undefined);
      await waitFor('the phone to hear baresip', async () => (await phone.hears()).some(({ hz }) => hz === 700) || undefined);
      await phone.hangUp();
      await peer.event('CALL_CLOSED');

      // Its connections come from 127.0.0.1, where telephones are.
      if (transport === 'tcp') return;
      peer.dial(`sip:${number}@127.0.0.1:${office.pbx.ports.sip};transport=udp`);
      await phone.isCalled();
      await phone.answer();
      await phone.speak();
      await waitFor('the phone to hear baresip', async () => (await phone.hears()).some(({ hz }) => hz === 700) || undefined);
      peer.hangUp();
      await phone.isTold();
    } finally {
      await peer.stop();
    }
  });
});

/** Skips the tests of this block, with the reason, on a machine without that program. */
function needs(program: string, debianPackage: string): void {
  beforeEach((context) => context.skip(!isInstalled(program), `needs ${program}: apt-get install ${debianPackage}`));
}

function hears(recording: Recording, hz: number): true | undefined {
  return toneShare(recording, hz) > 0.5 || undefined;
}

let folders = 0;
function folder(name: string): string {
  const path = join(scratch, `${(folders += 1)}-${name}`);
  mkdirSync(path, { recursive: true });
  return path;
}

function scenario(name: string): string {
  return join(root, 'tools/sipp', name);
}
