import { expect, test } from 'vitest';
import { type Greeting, greeting } from './greeting.ts';

const about: Greeting = {
  isFirstStart: true, apiUrl: 'http://192.0.2.10:8080/api/v1', firstStartPath: '/srv/tipring/first-start.json', address: '192.0.2.10', sipPort: 5060, calls: 0, devices: 10, handset: null, afterMs: 1234,
};

test('the first start says what to enter in a phone, and where the passwords and the API key are', () => {
  const said = greeting(about);
  expect(said).toContain('server 192.0.2.10, port 5060, UDP or TCP; user name 101; its password from that file');
  expect(said).toContain('stands in /srv/tipring/first-start.json');
  expect(said).toContain('http://192.0.2.10:8080/api/v1, described at http://192.0.2.10:8080/docs');
});

test('with a simulated card, how to lift a handset without having one', () => {
  expect(greeting(about)).not.toContain('simulat');
  const said = greeting({ ...about, handset: { extension: '121', card: 'SIM-1', port: 5 } });
  expect(said).toContain(`handset   of 121 is lifted by: curl -H "Authorization: Bearer KEY" --json '{"on":"telephone","port":{"card":"SIM-1","port":5},"do":"lift"}' http://192.0.2.10:8080/api/v1/simulator/acts`);
  expect(said.split('\n').length).toBe(greeting(about).split('\n').length + 2);
});

test('a later start says the addresses again, and calls taken back only when there are any', () => {
  expect(greeting({ ...about, isFirstStart: false })).toBe(`Tipring is ready after 1.2 s: 10 devices.
  Phones    server 192.0.2.10, port 5060, UDP or TCP
  The API   http://192.0.2.10:8080/api/v1, described at http://192.0.2.10:8080/docs
`);
  expect(greeting({ ...about, isFirstStart: false, calls: 1, devices: 1 })).toContain('1 device, 1 call taken back.');
});
