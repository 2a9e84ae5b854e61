import { FakeTimers } from '@tipring/clock';
import { FakeGateway, type PlayerGatewayEvent } from '@tipring/gateway';
import { describe, expect, test } from 'vitest';
import type { PlayerMedia } from './application-ports.ts';
import { FakePlayers } from './fake-players.ts';
import { PlayerEvents } from './player-events.ts';

interface PlayersUnderTest {
  readonly media: PlayerMedia;
  settle(): void;
  /** What is said ends now. */
  ends(): void;
}

/** What applications rely on, of whatever plays and records for them. */
describe.each<[string, () => PlayersUnderTest]>([
  ['players on virtual time', playersOnVirtualTime],
  ['the fake gateway, which is held to the conformance suite of the real one', playersOfFakeGateway],
])('%s', (_name, make) => {
  const place = { context: 'call', termination: 'player' };

  function made() {
    const under = make();
    const events: string[] = [];
    const replies: string[] = [];
    under.media.listen('player', (event) => events.push(`${event.event} ${event.how}`));
    const send: PlayerMedia['send'] = (command, done) => {
      under.media.send(command, (reply, refusal) => {
        replies.push(refusal?.code ?? 'done');
        done?.(reply, refusal);
      });
    };
    send({ do: 'addPlayer', ...place });
    under.settle();
    replies.length = 0;
    return { ...under, events, replies, send };
  }

  test('an end is told once, and none of what was replaced or hushed', () => {
    const { send, settle, ends, events, replies } = made();
    send({ do: 'announce', ...place, pieces: [{ file: 'a.wav' }] });
    settle();
    send({ do: 'announce', ...place, pieces: [{ file: 'b.wav' }] });
    settle();
    ends();
    send({ do: 'announce', ...place, pieces: [{ file: 'c.wav' }], times: 0 });
    settle();
    send({ do: 'hush', ...place });
    settle();
    expect([events, replies]).toEqual([['announced ended'], ['done', 'done', 'done', 'done']]);
  });

  test('a recording ends once: stopped, or with its player; a second one beside it is refused, and so is what does not run', () => {
    const { send, settle, events, replies } = made();
    send({ do: 'recording', ...place, is: 'stopped' });
    send({ do: 'record', ...place, file: 'a.wav', maxMs: 60_000 });
    send({ do: 'record', ...place, file: 'b.wav', maxMs: 60_000 });
    send({ do: 'recording', ...place, is: 'stopped' });
    settle();
    send({ do: 'record', ...place, file: 'c.wav', maxMs: 60_000 });
    settle();
    send({ do: 'subtract', ...place });
    settle();
    expect([events, replies]).toEqual([['recorded stopped', 'recorded released'], ['notRecording', 'done', 'alreadyRecording', 'done', 'done', 'done']]);
  });

  test('an inspection tells what goes on; a player that is gone, and one that is there already, are refused by name', () => {
    const { send, settle, replies } = made();
    const seen: unknown[] = [];
    const look = (): void => send({ do: 'inspect', context: 'call' }, (reply) => seen.push(reply?.terminations.map(({ player }) => player)));
    look();
    send({ do: 'announce', ...place, pieces: [{ file: 'a.wav' }] });
    send({ do: 'record', ...place, file: 'a.wav', maxMs: 60_000 });
    settle();
    look();
    send({ do: 'addPlayer', ...place });
    send({ do: 'subtract', ...place });
    send({ do: 'hush', ...place });
    settle();
    expect(seen).toEqual([[{ isPlaying: false, recording: null }], [{ isPlaying: true, recording: { file: 'a.wav', is: 'running' } }]]);
    expect(replies.slice(-3)).toEqual(['terminationExists', 'done', expect.stringMatching(/^noSuch(Termination|Context)$/)]);
  });

  test('a seat is in its place by the same name, and is no player', () => {
    const { send, settle, replies } = made();
    send({ do: 'subtract', ...place });
    send({ do: 'addSeat', ...place, room: 'r1', isMuted: true });
    send({ do: 'modifySeat', ...place, isMuted: false });
    send({ do: 'announce', ...place, pieces: [{ file: 'a.wav' }] });
    settle();
    expect(replies).toEqual(['done', 'done', 'done', 'badCommand']);
  });
});

function playersOnVirtualTime(): PlayersUnderTest {
  const timers = new FakeTimers();
  return { media: new FakePlayers(timers), settle: () => timers.advance(5), ends: () => timers.advance(1_100) };
}

function playersOfFakeGateway(): PlayersUnderTest {
  const timers = new FakeTimers();
  const gateway = new FakeGateway({ timers });
  const media = new PlayerEvents(gateway);
  gateway.onPlayerEvent = (event: PlayerGatewayEvent) => media.hear(event);
  return { media, settle: () => timers.advance(5), ends: () => gateway.emitPlayer({ event: 'announced', context: 'call', termination: 'player', how: 'ended' }) };
}
