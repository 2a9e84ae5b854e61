import { FakeTimers } from '@tipring/clock';
import { mostPieces } from '@tipring/gateway';
import { expect, test } from 'vitest';
import { FakePlayers } from './fake-players.ts';
import { Player } from './player.ts';

test('of what is longer than a gateway takes the beginning is heard', () => {
  const timers = new FakeTimers();
  const players = new FakePlayers(timers);
  const heard: string[] = [];
  const player = new Player('call', 'player', players, timers, { announced: (how) => heard.push(how), recorded: () => undefined });
  player.open(() => undefined);
  player.say(Array.from({ length: mostPieces + 1 }, () => ({ file: 'a.wav' })), 1);
  timers.advance(1_000);
  expect(players.saying('player')).toHaveLength(mostPieces);
  timers.advance(mostPieces * 1_000);
  expect(heard).toEqual(['ended']);
  player.close();
});
