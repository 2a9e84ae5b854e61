import { expect, test } from 'vitest';
import { type Greeting, greeting } from './greeting.ts';

const about: Greeting = {
  isFirstStart: true, apiUrl: 'http://192.0.2.10:8080/api/v1', firstStartPath: '/srv/tipring/first-start.json', address: '192.0.2.10', sipPort: 5060, calls: 0, devices: 10, afterMs: 1234,
};

test('the first start says what to enter in a phone, and where the passwords and the API key are', () => {
  const said = greeting(about);
  expect(said).toContain('server 192.0.2.10, port 5060, UDP or TCP; user name 101; its password from that file');
  expect(said).toContain('stands in /srv/tipring/first-start.json');
  expect(said).toContain('http://192.0.2.10:8080/api/v1, described at http://192.0.2.10:8080/docs');
});

test('a later start says the addresses again, and calls taken back only when there are any', () => {
  expect(greeting({ ...about, isFirstStart: false })).toBe(`Tipring is ready after 1.2 s: 10 devices.
  Phones    server 192.0.2.10, port 5060, UDP or TCP
  The API   http://192.0.2.10:8080/api/v1, described at http://192.0.2.10:8080/docs
`);
  expect(greeting({ ...about, isFirstStart: false, calls: 1, devices: 1 })).toContain('1 device, 1 call taken back.');
});
