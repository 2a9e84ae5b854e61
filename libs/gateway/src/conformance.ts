import { accepted, clauses, type GatewayUnderTest, isTrue, refused, same } from './conformance-bed.ts';
import type { GatewayCommand, RemoteMedia } from './contract.ts';

/** Ports the gateway may use in one case. */
export interface PortRange {
  readonly firstPort: number;
  readonly lastPort: number;
}

/**
 * What every gateway owes its controller. Give it the test runner's `test` and a factory; it registers a test for each
 * clause of the contract. No runner is imported here.
 */
export function gatewayConformance(test: (name: string, run: () => Promise<void>) => void, make: (ports: PortRange) => Promise<GatewayUnderTest>): void {
  const clause = clauses(test, make, someHundred);

  clause('a context comes into being with its first termination, on an even port and the odd one after it (RFC 3550 11)', async (gateway, _made, ports) => {
    const { local } = await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    isTrue(local.rtpPort % 2 === 0, `RTP port ${local.rtpPort} is even`);
    isTrue(local.rtpPort >= ports.firstPort && local.rtcpPort <= ports.lastPort, `ports ${local.rtpPort}, ${local.rtcpPort} are in the range`);
    same(local.rtcpPort, local.rtpPort + 1);
    const audit = await accepted(gateway, { do: 'inspect', context: 'c' });
    same(audit.terminations.map(({ termination, mode, remote, silentMs }) => ({ termination, mode, remote, silentMs })), [{ termination: 'a', mode: 'sendrecv', remote: null, silentMs: null }]);
    same([audit.blob, audit.joined], [null, []]);
  });

  clause('replies come in the order of their commands, and never inside send', async (gateway) => {
    const order: string[] = [];
    const all = ['a', 'b', 'c'].map(
      (termination) =>
        new Promise<void>((resolve) => {
          gateway.send({ do: 'add', context: 'c', termination }, () => {
            order.push(termination);
            resolve();
          });
        }),
    );
    order.push('sent');
    await Promise.all(all);
    same(order, ['sent', 'a', 'b', 'c']);
  });

  clause('a termination can be added once', async (gateway) => {
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    same((await refused(gateway, { do: 'add', context: 'c', termination: 'a' })).code, 'terminationExists');
  });

  clause('what does not exist is refused by name', async (gateway) => {
    const codes = async (command: GatewayCommand): Promise<string> => (await refused(gateway, command)).code;
    same(await codes({ do: 'inspect', context: 'nowhere' }), 'noSuchContext');
    same(await codes({ do: 'release', context: 'nowhere' }), 'noSuchContext');
    same(await codes({ do: 'attach', context: 'nowhere', blob: '' }), 'noSuchContext');
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    same(await codes({ do: 'modify', context: 'c', termination: 'z', mode: 'inactive' }), 'noSuchTermination');
    same(await codes({ do: 'subtract', context: 'c', termination: 'z' }), 'noSuchTermination');
    same(await codes({ do: 'topology', context: 'c', joined: [['a', 'z']] }), 'noSuchTermination');
    same(await codes({ do: 'signal', context: 'c', termination: 'z', signal: { type: 'digit', digit: '1', durationMs: 100 } }), 'noSuchTermination');
  });

  clause('bad input is refused at the edge as badCommand', async (gateway) => {
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote });
    const bad: readonly unknown[] = [
      { do: 'fly' },
      { do: 'inspect', context: '' },
      { do: 'inspect', context: 7 },
      { do: 'add', context: 'c', termination: 'x'.repeat(129) },
      { do: 'add', context: 'c', termination: 'b', local: { rtpPort: 20_001 } },
      { do: 'add', context: 'c', termination: 'b', address: 'phone.example' },
      { do: 'modify', context: 'c', termination: 'a', mode: 'both' },
      { do: 'modify', context: 'c', termination: 'a', remote: { rtp: { address: '192.0.2.1', port: 70_000 }, codecs: [] } },
      { do: 'modify', context: 'c', termination: 'a', remote: { rtp: { address: '192.0.2.1', port: 4000 }, codecs: [{ payloadType: 128, name: 'PCMU', clockRate: 8000 }] } },
      { do: 'topology', context: 'c', joined: [], oneWay: [['a']] },
      { do: 'topology', context: 'c', joined: ['a'] },
      { do: 'attach', context: 'c' },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'digit', digit: 'x', durationMs: 100 } },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'digit', digit: '1', durationMs: 1e9 } },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'tone', levelDbm0: -10, tone: { segments: [] } } },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'tone', levelDbm0: 3, tone: { segments: [{ frequenciesHz: [425], durationMs: null }] } } },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'tone', levelDbm0: -10, tone: { segments: [{ frequenciesHz: [9], durationMs: null }] } } },
      { do: 'signal', context: 'c', termination: 'a', signal: { type: 'tone', levelDbm0: -10, tone: { segments: [{ frequenciesHz: [425], durationMs: 0 }] } } },
    ];
    for (const command of bad) same([command, (await refused(gateway, command as GatewayCommand)).code], [command, 'badCommand']);
    const audit = await accepted(gateway, { do: 'inspect', context: 'c' });
    same(audit.terminations.map(({ termination, mode }) => [termination, mode]), [['a', 'sendrecv']]);
  });

  clause('modify changes what it names and leaves the rest', async (gateway) => {
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote });
    await accepted(gateway, { do: 'modify', context: 'c', termination: 'a', mode: 'recvonly' });
    const held = await accepted(gateway, { do: 'inspect', context: 'c' });
    same(held.terminations.map(({ mode, remote: seen }) => ({ mode, remote: seen })), [{ mode: 'recvonly', remote }]);
    const moved: RemoteMedia = { ...remote, rtp: { address: '127.0.0.1', port: 40_002 } };
    await accepted(gateway, { do: 'modify', context: 'c', termination: 'a', remote: moved });
    const after = await accepted(gateway, { do: 'inspect', context: 'c' });
    same(after.terminations.map(({ mode, remote: seen }) => ({ mode, remote: seen })), [{ mode: 'recvonly', remote: moved }]);
  });

  clause('the topology is exactly what was last said, and forgets a termination that is subtracted', async (gateway) => {
    for (const termination of ['a', 'b', 'x']) await accepted(gateway, { do: 'add', context: 'c', termination });
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['a', 'b'], ['a', 'x']] });
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).joined, [['a', 'b'], ['a', 'x']]);
    await accepted(gateway, { do: 'subtract', context: 'c', termination: 'x' });
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).joined, [['a', 'b']]);
    await accepted(gateway, { do: 'topology', context: 'c', joined: [] });
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).joined, []);
  });

  clause('the controller\'s blob is kept byte for byte, the newest only', async (gateway) => {
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    await accepted(gateway, { do: 'attach', context: 'c', blob: 'first' });
    const blob = JSON.stringify({ text: 'Grüße, "quoted"\r\n\u2028 🐎' });
    await accepted(gateway, { do: 'attach', context: 'c', blob });
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).blob, blob);
  });

  clause('a context outlives its last termination until it is released', async (gateway) => {
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    await accepted(gateway, { do: 'attach', context: 'c', blob: 'state' });
    const { statistics } = await accepted(gateway, { do: 'subtract', context: 'c', termination: 'a' });
    same([statistics.packetsReceived, statistics.packetsSent, statistics.packetsLost, statistics.mos], [0, 0, 0, null]);
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).blob, 'state');
    same(await accepted(gateway, { do: 'release', context: 'c' }), { statistics: {} });
    same((await refused(gateway, { do: 'inspect', context: 'c' })).code, 'noSuchContext');
  });

  clause('release answers the statistics of every termination and returns the counters to zero', async (gateway) => {
    for (const termination of ['a', 'b']) await accepted(gateway, { do: 'add', context: 'c', termination, remote });
    const during = await accepted(gateway, { do: 'metrics' });
    same([during.contexts, during.terminations, during.portsInUse], [1, 2, 2]);
    same(Object.keys((await accepted(gateway, { do: 'release', context: 'c' })).statistics), ['a', 'b']);
    const after = await accepted(gateway, { do: 'metrics' });
    same([after.contexts, after.terminations, after.portsInUse], [0, 0, 0]);
  });

  clause('a pinned port is given, and is taken while in use', async (gateway, _made, { firstPort }) => {
    const pinned = firstPort + 8;
    const { local } = await accepted(gateway, { do: 'add', context: 'c', termination: 'a', local: { rtpPort: pinned } });
    same(local.rtpPort, pinned);
    same((await refused(gateway, { do: 'add', context: 'd', termination: 'a', local: { rtpPort: pinned } })).code, 'portTaken');
    same((await refused(gateway, { do: 'inspect', context: 'd' })).code, 'noSuchContext');
    await accepted(gateway, { do: 'release', context: 'c' });
    same((await accepted(gateway, { do: 'add', context: 'c', termination: 'a', local: { rtpPort: pinned } })).local.rtpPort, pinned);
  });

  clause(
    'when the ports are used up the next is refused as noPort, and every port is different',
    async (gateway) => {
      const ports = new Set<number>();
      for (const termination of ['a', 'b', 'x']) ports.add((await accepted(gateway, { do: 'add', context: 'c', termination })).local.rtpPort);
      same(ports.size, 3);
      same((await refused(gateway, { do: 'add', context: 'c', termination: 'y' })).code, 'noPort');
      same((await accepted(gateway, { do: 'inspect', context: 'c' })).terminations.length, 3);
    },
    { firstPort: someHundred.firstPort, lastPort: someHundred.firstPort + 5 },
  );

  clause('a digit is refused when the far end takes no telephone-event (RFC 4733)', async (gateway) => {
    const signal = { type: 'digit', digit: '5', durationMs: 100 } as const;
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote });
    same((await refused(gateway, { do: 'signal', context: 'c', termination: 'a', signal })).code, 'badCommand');
    const codecs = [...remote.codecs, { payloadType: 101, name: 'telephone-event', clockRate: 8000 }];
    await accepted(gateway, { do: 'modify', context: 'c', termination: 'a', remote: { ...remote, codecs } });
    await accepted(gateway, { do: 'signal', context: 'c', termination: 'a', signal });
  });

  clause('a tone is taken where the far end can hear it, and silence always', async (gateway) => {
    const tone = { type: 'tone', levelDbm0: -13, tone: { segments: [{ frequenciesHz: [425], durationMs: 500 }, { frequenciesHz: [], durationMs: 500 }] } } as const;
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote });
    await accepted(gateway, { do: 'signal', context: 'c', termination: 'a', signal: tone });
    await accepted(gateway, { do: 'signal', context: 'c', termination: 'a', signal: { type: 'silence' } });
    await accepted(gateway, { do: 'signal', context: 'c', termination: 'a', signal: { type: 'silence' } });
  });

  clause('contexts outlive the connection, and the audit gives everything back', async (gateway, made) => {
    for (const termination of ['a', 'b']) await accepted(gateway, { do: 'add', context: 'c', termination, remote });
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await accepted(gateway, { do: 'attach', context: 'c', blob: 'the call' });
    const before = await accepted(gateway, { do: 'audit' });
    const states: string[] = [];
    const up = new Promise<void>((resolve) => {
      gateway.onState = (state) => {
        states.push(state);
        if (state === 'up') resolve();
        else made.comeBack();
      };
    });
    made.lose();
    await up;
    same(states, ['down', 'up']);
    same((await accepted(gateway, { do: 'audit' })).contexts, before.contexts);
    same(before.contexts.map(({ context, blob, joined }) => ({ context, blob, joined })), [{ context: 'c', blob: 'the call', joined: [['a', 'b']] }]);
  });

  clause('what was unanswered when the connection was lost is gone, and so is what is sent while it is down', async (gateway, made) => {
    const outcomes: string[] = [];
    const note = (_reply: unknown, refusal: { readonly code: string } | null): void => void outcomes.push(refusal?.code ?? 'ok');
    const down = new Promise<void>((resolve) => {
      gateway.onState = () => resolve();
    });
    gateway.send({ do: 'audit' }, note);
    made.lose();
    await down;
    const last = new Promise<void>((resolve) => {
      gateway.send({ do: 'audit' }, (reply, refusal) => {
        note(reply, refusal);
        resolve();
      });
    });
    same(gateway.state, 'down');
    await last;
    same(outcomes, ['gone', 'gone']);
  });
}

const someHundred: PortRange = { firstPort: 28_000, lastPort: 28_399 };

const remote: RemoteMedia = {
  rtp: { address: '127.0.0.1', port: 40_000 },
  codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000 }],
};
