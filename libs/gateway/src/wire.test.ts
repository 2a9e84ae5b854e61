import { expect, test } from 'vitest';
import { readCommand, readFromGateway, writeBye, writeCommand, writeEvent, writeRefusal, writeReply } from './wire.ts';
import type { GatewayCommand } from './contract.ts';

test('a command survives the wire with its number', () => {
  const command: GatewayCommand = { do: 'add', context: 'c', termination: 'a', remote: { rtp: { address: '2001:db8::1', port: 4000 }, codecs: [{ payloadType: 9, name: 'G722', clockRate: 8000 }] }, mode: 'recvonly' };
  expect(readCommand(writeCommand(7, command).trimEnd())).toEqual({ n: 7, command });
  expect(readCommand(writeCommand(8, { do: 'audit' }).trimEnd())).toEqual({ n: 8, command: { do: 'audit' } });
});

test('what the gateway says is told apart', () => {
  expect(readFromGateway(writeReply(3, '{"local":1}').trimEnd())).toEqual({ type: 'ok', n: 3, reply: { local: 1 } });
  const refusal = { code: 'noPort', text: 'none' } as const;
  expect(readFromGateway(writeRefusal(4, refusal).trimEnd())).toEqual({ type: 'no', n: 4, refusal });
  const event = { event: 'mediaTimeout', context: 'c', termination: 'a', silentMs: 1 } as const;
  expect(readFromGateway(writeEvent(event).trimEnd())).toEqual({ type: 'event', event });
  expect(readFromGateway(writeBye('replaced', 'x').trimEnd())).toEqual({ type: 'bye', reason: 'replaced', text: 'x' });
});

test('a line that is no command is a refusal, never an exception', () => {
  const lines = ['', '{', 'null', '[]', '7', '"x"', '{}', '{"n":-1,"do":"audit"}', '{"n":1.5,"do":"audit"}', '{"n":1}', '{"n":1,"do":"__proto__"}', '{"n":1,"do":"add","context":"c","termination":"t","remote":null}'];
  for (const line of lines) expect(readCommand(line).refusal?.code, line).toBe('badCommand');
  expect(readCommand('{"n":5,"do":"nothing"}').n).toBe(5);
});

test('random mutations of commands never throw', () => {
  const base = writeCommand(1, { do: 'add', context: 'c', termination: 'a', remote: { rtp: { address: '192.0.2.1', port: 4000 }, codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000 }] }, mode: 'sendrecv' });
  let seed = 1;
  const random = (below: number): number => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % below;
  for (let i = 0; i < 20_000; i++) {
    const at = random(base.length);
    const mutant = base.slice(0, at) + String.fromCharCode(random(128)) + base.slice(at + random(4));
    const parsed = readCommand(mutant);
    expect(parsed.command === undefined).toBe(parsed.refusal !== undefined);
  }
});

test('a blob travels as it is behind a tab, and inside the JSON when it has a line break', () => {
  for (const blob of ['', '{"a":"\\n\\t\\"ü"}', 'tabs\tin\tit', 'a line\nand another', '𝄞']) {
    const line = writeCommand(7, { do: 'attach', context: 'c"1', blob });
    expect(line.indexOf('\n')).toBe(line.length - 1);
    expect(readCommand(line.slice(0, -1))).toEqual({ n: 7, command: { do: 'attach', context: 'c"1', blob } });
  }
  expect(readCommand('{"n":1,\t"do":"audit"}')).toEqual({ n: 1, command: { do: 'audit' } });
});
