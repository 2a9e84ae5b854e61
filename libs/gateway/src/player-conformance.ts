import { accepted, clauses, type GatewayUnderTest, isTrue, refused, same } from './conformance-bed.ts';
import type { PortRange } from './conformance.ts';
import type { ContextAudit, Gateway, GatewayCommand, RemoteMedia } from './contract.ts';
import type { PlayerGatewayEvent } from './player-contract.ts';

/** What every gateway owes its controller of players, rooms and moves, beside `gatewayConformance`. What is heard of them needs ears: that is not here. */
export function playerConformance(test: (name: string, run: () => Promise<void>) => void, make: (ports: PortRange) => Promise<GatewayUnderTest>): void {
  const clause = clauses(test, make, { firstPort: 28_400, lastPort: 28_799 });

  clause('a context can begin with a player or a seat, and the audit tells them from each other', async (gateway) => {
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    await accepted(gateway, { do: 'addSeat', context: 'd', termination: 's', room: 'r' });
    await accepted(gateway, { do: 'addSeat', context: 'd', termination: 't', room: 'r', isMuted: true });
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    same(await told(gateway, 'c'), [['p', 'player', { isPlaying: false, recording: null }, null], ['a', 'rtp', null, null]]);
    same(await told(gateway, 'd'), [['s', 'seat', null, { room: 'r', isMuted: false }], ['t', 'seat', null, { room: 'r', isMuted: true }]]);
    await accepted(gateway, { do: 'modifySeat', context: 'd', termination: 's', isMuted: true });
    same((await told(gateway, 'd'))[0]?.[3], { room: 'r', isMuted: true });
    same((await refused(gateway, { do: 'addPlayer', context: 'c', termination: 'a' })).code, 'terminationExists');
    same((await refused(gateway, { do: 'addSeat', context: 'c', termination: 'p', room: 'r' })).code, 'terminationExists');
    same((await refused(gateway, { do: 'addSeat', context: 'd', termination: 'u', room: 'another' })).code, 'badCommand');
    const { statistics } = await accepted(gateway, { do: 'release', context: 'd' });
    same(Object.keys(statistics), ['s', 't']);
  });

  clause('what is a player\'s is refused of others, and what is an RTP end\'s of players and seats', async (gateway) => {
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    await accepted(gateway, { do: 'addSeat', context: 'c', termination: 's', room: 'r' });
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a' });
    const codes = async (...commands: readonly GatewayCommand[]): Promise<string[]> => await Promise.all(commands.map(async (command) => (await refused(gateway, command)).code));
    const pieces = [{ silenceMs: 20 }];
    same(await codes(
      { do: 'announce', context: 'c', termination: 'a', pieces }, { do: 'hush', context: 'c', termination: 's' }, { do: 'record', context: 'c', termination: 's', file: 'x.wav', maxMs: 1000 },
      { do: 'modifySeat', context: 'c', termination: 'p', isMuted: true }, { do: 'modify', context: 'c', termination: 'p', mode: 'inactive' }, { do: 'signal', context: 'c', termination: 's', signal: { type: 'silence' } },
      { do: 'modifyPort', context: 'c', termination: 'p', codec: 'PCMA' }, { do: 'move', context: 'c', termination: 'p', to: 'd' }, { do: 'move', context: 'c', termination: 's', to: 'd' },
    ), new Array(9).fill('badCommand'));
    same(await codes({ do: 'announce', context: 'c', termination: 'z', pieces }, { do: 'modifySeat', context: 'c', termination: 'z', isMuted: true }, { do: 'move', context: 'c', termination: 'z', to: 'd' }), new Array(3).fill('noSuchTermination'));
    same(await codes({ do: 'hush', context: 'nowhere', termination: 'p' }, { do: 'inspect', context: 'd' }), new Array(2).fill('noSuchContext'));
  });

  clause('no name of a file leads out of the folder, and pieces that are none are refused', async (gateway) => {
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    const player = { context: 'c', termination: 'p' };
    for (const file of ['', '/etc/passwd', '../x.wav', 'a/../../x.wav', 'a/./x.wav', 'a//x.wav', 'a/', '..', 'a\\b.wav', 'a\u0000.wav', 'x'.repeat(256), 7]) {
      same([file, (await refused(gateway, { do: 'announce', ...player, pieces: [{ file }] } as never)).code], [file, 'badCommand']);
      same([file, (await refused(gateway, { do: 'record', ...player, file, maxMs: 1000 } as never)).code], [file, 'badCommand']);
    }
    const bad: readonly unknown[] = [
      { do: 'announce', pieces: [] }, { do: 'announce', pieces: [{}] }, { do: 'announce', pieces: [{ silenceMs: 0 }] }, { do: 'announce', pieces: [{ silenceMs: 20 }], times: -1 }, { do: 'announce', pieces: [{ silenceMs: 20 }], times: 1.5 },
      { do: 'announce', pieces: [{ file: 'x.wav', fromMs: -1 }] }, { do: 'announce', pieces: [{ tone: { segments: [] }, levelDbm0: -10, ms: 100 }] }, { do: 'announce', pieces: [{ tone: { segments: [{ frequenciesHz: [425], durationMs: null }] }, levelDbm0: 3, ms: 100 }] },
      { do: 'record', file: 'x.wav' }, { do: 'record', file: 'x.wav', maxMs: 0 }, { do: 'record', file: 'x.wav', maxMs: 1000, silenceMs: 10 }, { do: 'record', file: 'x.wav', maxMs: 1000, isAppended: 'yes' }, { do: 'recording', is: 'lost' },
    ];
    for (const command of bad) same([command, (await refused(gateway, { ...player, ...(command as object) } as never)).code], [command, 'badCommand']);
    same((await refused(gateway, { do: 'addSeat', context: 'c', termination: 's', room: '' })).code, 'badCommand');
    same((await told(gateway, 'c'))[0]?.[2], { isPlaying: false, recording: null });
  });

  clause('a player plays until it is hushed, and another announcement takes the place of the former', async (gateway) => {
    const heard = eventsOf(gateway);
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    for (const times of [0, 0]) await accepted(gateway, { do: 'announce', context: 'c', termination: 'p', pieces: [{ silenceMs: 60_000 }], times });
    same((await told(gateway, 'c'))[0]?.[2], { isPlaying: true, recording: null });
    await accepted(gateway, { do: 'hush', context: 'c', termination: 'p' });
    await accepted(gateway, { do: 'hush', context: 'c', termination: 'p' });
    same((await told(gateway, 'c'))[0]?.[2], { isPlaying: false, recording: null });
    same(heard.all, []);
  });

  clause('a recording is told once when it is stopped, and there is one at a time', async (gateway) => {
    const heard = eventsOf(gateway);
    const player = { context: 'c', termination: 'p' };
    await accepted(gateway, { do: 'addPlayer', ...player });
    same((await refused(gateway, { do: 'recording', ...player, is: 'paused' })).code, 'notRecording');
    await accepted(gateway, { do: 'record', ...player, file: 'box/1.wav', maxMs: 60_000 });
    same((await refused(gateway, { do: 'record', ...player, file: 'box/2.wav', maxMs: 60_000 })).code, 'alreadyRecording');
    for (const is of ['paused', 'running'] as const) {
      await accepted(gateway, { do: 'recording', ...player, is });
      same((await told(gateway, 'c'))[0]?.[2], { isPlaying: false, recording: { file: 'box/1.wav', is } });
    }
    await accepted(gateway, { do: 'recording', ...player, is: 'stopped' });
    same((await told(gateway, 'c'))[0]?.[2], { isPlaying: false, recording: null });
    same((await heard.next('recorded')).map(({ termination, file, how }) => [termination, file, how]), [['p', 'box/1.wav', 'stopped']]);
    await accepted(gateway, { do: 'record', ...player, file: 'box/2.wav', maxMs: 60_000 });
    await accepted(gateway, { do: 'recording', ...player, is: 'stopped' });
    same((await heard.next('recorded')).map(({ file, how }) => [file, how]), [['box/2.wav', 'stopped']]);
  });

  clause('a recording ends with its player, however that goes, and is told once', async (gateway) => {
    const heard = eventsOf(gateway);
    for (const termination of ['p', 'q']) {
      await accepted(gateway, { do: 'addPlayer', context: 'c', termination });
      await accepted(gateway, { do: 'record', context: 'c', termination, file: `${termination}.wav`, maxMs: 60_000 });
    }
    await accepted(gateway, { do: 'subtract', context: 'c', termination: 'p' });
    same((await heard.next('recorded')).map(({ termination, file, how }) => [termination, file, how]), [['p', 'p.wav', 'released']]);
    await accepted(gateway, { do: 'release', context: 'c' });
    same((await heard.next('recorded')).map(({ termination, file, how }) => [termination, file, how]), [['q', 'q.wav', 'released']]);
  });

  clause('what hears one way is told apart from what is joined, an end can hear itself, and who leaves is in neither', async (gateway) => {
    for (const termination of ['a', 'b']) await accepted(gateway, { do: 'add', context: 'c', termination, remote });
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['a', 'b'], ['b', 'b']], oneWay: [['a', 'p'], ['b', 'p']] });
    const { joined, oneWay } = await accepted(gateway, { do: 'inspect', context: 'c' });
    same([joined, oneWay], [[['a', 'b'], ['b', 'b']], [['a', 'p'], ['b', 'p']]]);
    same((await refused(gateway, { do: 'topology', context: 'c', joined: [], oneWay: [['a', 'z']] })).code, 'noSuchTermination');
    await accepted(gateway, { do: 'subtract', context: 'c', termination: 'b' });
    const after = await accepted(gateway, { do: 'inspect', context: 'c' });
    same([after.joined, after.oneWay], [[], [['a', 'p']]]);
    await accepted(gateway, { do: 'topology', context: 'c', joined: [] });
    same((await accepted(gateway, { do: 'inspect', context: 'c' })).oneWay, []);
  });

  clause('an end is moved to another context with its ports and its remote, as a new name if there is one, and out of its topology', async (gateway) => {
    const { local } = await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote, mode: 'recvonly' });
    await accepted(gateway, { do: 'add', context: 'c', termination: 'b', remote });
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await accepted(gateway, { do: 'move', context: 'c', termination: 'a', to: 'd', as: 'x' });
    const [from, to] = [await accepted(gateway, { do: 'inspect', context: 'c' }), await accepted(gateway, { do: 'inspect', context: 'd' })];
    same([from.terminations.map(({ termination }) => termination), from.joined], [['b'], []]);
    same(to.terminations.map((one) => [one.termination, one.local, one.remote, one.mode]), [['x', local, remote, 'recvonly']]);
    same([to.joined, to.oneWay, to.blob], [[], [], null]);
    // To one that is there already; not where its name is taken.
    await accepted(gateway, { do: 'move', context: 'd', termination: 'x', to: 'c' });
    await accepted(gateway, { do: 'add', context: 'd', termination: 'b' });
    same((await refused(gateway, { do: 'move', context: 'd', termination: 'b', to: 'c' })).code, 'terminationExists');
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['x', 'b']] });
    same((await refused(gateway, { do: 'move', context: 'c', termination: 'b', to: 'c' })).code, 'badCommand');
    await accepted(gateway, { do: 'release', context: 'd' });
    same((await accepted(gateway, { do: 'metrics' })).portsInUse, 2);
    await accepted(gateway, { do: 'release', context: 'c' });
    same((await accepted(gateway, { do: 'metrics' })).portsInUse, 0);
  });

  clause('a multicast group is only told', async (gateway) => {
    const group: RemoteMedia = { ...remote, rtp: { address: '239.255.1.2', port: 40_000 } };
    same((await refused(gateway, { do: 'add', context: 'c', termination: 'a', remote: group })).code, 'badCommand');
    await accepted(gateway, { do: 'add', context: 'c', termination: 'a', remote: { ...group, multicastTtl: 4 }, mode: 'recvonly' });
    same((await refused(gateway, { do: 'modify', context: 'c', termination: 'a', mode: 'sendrecv' })).code, 'badCommand');
    same((await refused(gateway, { do: 'modify', context: 'c', termination: 'a', remote: { ...group, multicastTtl: 0 } })).code, 'badCommand');
    await accepted(gateway, { do: 'modify', context: 'c', termination: 'a', mode: 'inactive' });
  });

  clause('players, seats and their recordings outlive the connection', async (gateway, made) => {
    await accepted(gateway, { do: 'addPlayer', context: 'c', termination: 'p' });
    await accepted(gateway, { do: 'addSeat', context: 'c', termination: 's', room: 'r' });
    await accepted(gateway, { do: 'announce', context: 'c', termination: 'p', pieces: [{ silenceMs: 60_000 }], times: 0 });
    await accepted(gateway, { do: 'record', context: 'c', termination: 'p', file: 'kept.wav', maxMs: 60_000 });
    const before = await told(gateway, 'c');
    const up = new Promise<void>((resolve) => {
      gateway.onState = (state) => (state === 'up' ? resolve() : made.comeBack());
    });
    made.lose();
    await up;
    same(await told(gateway, 'c'), before);
    same(before[0]?.[2], { isPlaying: true, recording: { file: 'kept.wav', is: 'running' } });
  });
}

type Told = readonly [string, ContextAudit['terminations'][number]['kind'], unknown, unknown];

async function told(gateway: Gateway, context: string): Promise<Told[]> {
  const { terminations } = await accepted(gateway, { do: 'inspect', context });
  isTrue(terminations.every(({ kind, port, local, remote: seen, silentMs }) => port === null && (kind === 'rtp' || (local === null && seen === null && silentMs === null))), 'what is no RTP end has no ports');
  return terminations.map(({ termination, kind, player, seat }) => [termination, kind, player, seat]);
}

/** What the players of a gateway tell from now on. */
function eventsOf(gateway: Gateway): { readonly all: PlayerGatewayEvent[]; next<E extends PlayerGatewayEvent['event']>(event: E): Promise<Extract<PlayerGatewayEvent, { event: E }>[]> } {
  const all: PlayerGatewayEvent[] = [];
  let noticed = (): void => {};
  gateway.onPlayerEvent = (event) => {
    all.push(event);
    noticed();
  };
  return {
    all,
    /** All that have been told, once there is one. */
    async next(event) {
      while (all.length === 0) await new Promise<void>((resolve) => (noticed = resolve));
      return all.splice(0).filter((one): one is Extract<PlayerGatewayEvent, { event: typeof event }> => one.event === event);
    },
  };
}

const remote: RemoteMedia = { rtp: { address: '127.0.0.1', port: 40_000 }, codecs: [{ payloadType: 0, name: 'PCMU', clockRate: 8000 }] };
