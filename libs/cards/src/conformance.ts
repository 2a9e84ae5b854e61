import { blocksUntilHeard, type CardsUnderTest, ConformanceBed, fxoOf, fxsOf, isNear, isTrue, same } from './conformance-bed.ts';
import { portKey } from './contract.ts';
import type { PortCommand } from './port-command.ts';
import { cardsOf, type PortRecorder } from './port-recorder.ts';

/**
 * What every card driver owes the gateway, simulated or DAHDI: two of its own ports back to back show it. Give it the test
 * runner's `test` and a factory; it registers a test for each clause. What a port says that it cannot do is held to its refusal.
 */
export function cardConformance(test: (name: string, run: () => Promise<void>) => void, make: () => Promise<CardsUnderTest>): void {
  const clause = (name: string, run: (bed: ConformanceBed) => Promise<void>): void => {
    test(name, async () => {
      const made = await make();
      try {
        await run(new ConformanceBed(made));
      } finally {
        await made.end();
      }
    });
  };

  clause('every port is found by card serial and number, and by nothing else', async ({ made, soon }) => {
    const cards = await soon(cardsOf(made.driver));
    const keys = cards.flatMap((card) => card.ports.map((port) => portKey(port.id)));
    same(new Set(keys).size, keys.length);
    for (const card of cards) {
      isTrue(card.serial !== '' && card.ports.every(({ id }) => id.card === card.serial && id.port >= 1 && id.port <= 32), `ports of ${card.serial} are numbered`);
      for (const port of card.ports) isTrue(made.driver.port({ ...port.id }) === port && port.kind === port.capabilities.kind && port.kind === port.settings.kind, `${portKey(port.id)} is that port`);
    }
    isTrue(made.driver.port({ card: 'no such card', port: 1 }) === null, 'an unknown card has no port');
    isTrue(made.driver.port({ card: made.fxo.card, port: 33 }) === null, 'there is no port 33');
  });

  clause('answers come in the order of asking, and never inside the call', async ({ made, fxo }) => {
    const order: string[] = [];
    fxo.port.open(fxo, () => order.push('open'));
    fxo.port.send({ do: 'hook', hook: 'off' }, () => order.push('hook'));
    fxo.port.measure(() => order.push('measure'));
    order.push('asked');
    await made.wait(100);
    same(order, ['asked', 'open', 'hook', 'measure']);
  });

  clause('a port is opened once; closed, it refuses and is silent', async ({ made, fxo, fxs, soon }) => {
    same(await soon(fxo.send({ do: 'hook', hook: 'off' })), 'closed');
    same(await soon(fxo.open()), 'done');
    same(await soon(fxo.open()), 'busy');
    same(await soon(fxs.open()), 'done');
    await made.wait(200);
    fxo.port.close();
    fxs.port.close();
    await made.wait(100);
    fxo.forget();
    fxs.forget();
    await made.wait(300);
    same([fxo.blocks, fxo.events.length, fxs.blocks, fxs.events.length], [0, 0, 0, 0]);
    same(await soon(fxs.send({ do: 'ringStop' })), 'closed');
    same(await soon(fxo.open()), 'done');
  });

  clause('the first events say how the line is', async ({ up, fxo, fxs }) => {
    await up();
    same(fxo.of('battery').map(({ present }) => present), [true]);
    same(fxs.of('hook').map(({ hook }) => hook), ['on']);
  });

  clause('what a port cannot do it refuses by name, and nothing throws', async ({ up, fxo, fxs, soon }) => {
    await up();
    const no = async (recorder: PortRecorder, command: unknown): Promise<string> => await soon(recorder.send(command as PortCommand));
    same(await no(fxo, { do: 'ring', cadence: [{ onMs: 1_000, offMs: 2_000 }] }), 'unsupported');
    same(await no(fxs, { do: 'hook', hook: 'off' }), 'unsupported');
    same(await no(fxs, { do: 'fly' }), 'unsupported');
    same(await no(fxo, { do: 'hook', hook: 'half' }), 'badCommand');
    same(await no(fxs, { do: 'ring', cadence: [] }), 'badCommand');
    same(await no(fxs, { do: 'ring', cadence: [{ onMs: -1, offMs: 2_000 }] }), 'badCommand');
    same(await no(fxs, { do: 'openLoop', ms: 1e9 }), fxsOf(fxs).openLoopMs === null ? 'unsupported' : 'badCommand');
    same(await no(fxo, { do: 'flash', ms: 1e9 }), fxoOf(fxo).flashMs === null ? 'unsupported' : 'badCommand');
    if (!fxsOf(fxs).polarityReversal) same(await no(fxs, { do: 'polarity', polarity: 'reversed' }), 'unsupported');
    if (!fxsOf(fxs).messageWaitingLamp) same(await no(fxs, { do: 'messageWaiting', lamp: 'on' }), 'unsupported');
    if (!fxsOf(fxs).onHookTransmission) same(await no(fxs, { do: 'onHookTransmission', ms: 1_000 }), 'unsupported');
    if (!fxoOf(fxo).pulseDialing) same(await no(fxo, { do: 'dialPulses', digits: '1' }), 'unsupported');
  });

  clause('a flash or pulses on hook, and ringing off hook, are not for now', async ({ up, answered, fxo, fxs, soon }) => {
    await up();
    if (fxoOf(fxo).flashMs !== null) same(await soon(fxo.send({ do: 'flash' })), 'wrongState');
    if (fxoOf(fxo).pulseDialing) same(await soon(fxo.send({ do: 'dialPulses', digits: '1' })), 'wrongState');
    await answered();
    same(await soon(fxs.send({ do: 'ring', cadence: usRinging })), 'wrongState');
  });

  clause('settings are taken all or not at all, and are read back', async ({ fxs, soon }) => {
    const before = fxs.port.settings;
    same(await soon(fxs.configure({ law: 'PCMA', receiveGainDb: 1e6 })) === 'done', false);
    same(fxs.port.settings, before);
    same(await soon(fxs.configure({ dcTermination: { currentLimit: true, lineVolts: 3.5, minimumLoopMilliamps: 10 } })), 'unsupported');
    if (!fxs.port.capabilities.laws.includes('PCMA')) return;
    same(await soon(fxs.configure({ law: 'PCMA' })), 'done');
    same(fxs.port.settings, { ...before, law: 'PCMA' });
  });

  clause('each burst of ringing is seen at the other end, and answering ends it', async ({ made, up, fxo, fxs, soon }) => {
    await up();
    fxo.forget();
    fxs.forget();
    same(await soon(fxs.send({ do: 'ring', cadence: shortRinging })), 'done');
    await made.wait(2 * 1_600);
    const [first, second] = fxs.of('ringBurstBegan');
    same([first?.burst, second?.burst], [1, 2]);
    isNear(second!.atMs - first!.atMs, 1_600, 100, 'from burst to burst');
    same(fxs.of('ringBurstEnded')[0]?.pauseMs, 1_000);
    const rings = fxo.of('ringEnded').filter(({ durationMs }) => durationMs > 300);
    isTrue(rings.length >= 1, 'ringing was seen');
    for (const { durationMs, frequencyHz } of rings) {
      isNear(durationMs, 600, 150, 'of a burst');
      if (fxoOf(fxo).measuresRinging) isNear(frequencyHz ?? 0, 20, 2, 'its frequency');
    }
    same(await soon(fxo.send({ do: 'hook', hook: 'off' })), 'done');
    await made.wait(500);
    same(fxs.of('ringTripped').length, 1);
    same(fxs.of('hook').map(({ hook }) => hook), ['off']);
    const bursts = fxs.of('ringBurstBegan').length;
    await made.wait(3_000);
    same(fxs.of('ringBurstBegan').length, bursts);
    if (fxoOf(fxo).seesLoopCurrent) same(fxo.of('loopCurrent').map(({ flowing }) => flowing), [true]);
  });

  clause('each hears the other\'s tone and not its own', async ({ made, answered, fxo, fxs }) => {
    await answered();
    fxo.sendTone(700);
    fxs.sendTone(1_100);
    await made.wait(1_000);
    isNear(fxs.toneDbm0(700), -10, 3, 'FXO to FXS, dBm0');
    isNear(fxo.toneDbm0(1_100), -10, 3, 'FXS to FXO, dBm0');
    isTrue(fxs.toneDbm0(1_100) < -20 && fxo.toneDbm0(700) < -20, `own tones come back at ${fxs.toneDbm0(1_100)} and ${fxo.toneDbm0(700)} dBm0`);
  });

  clause('each block received clocks one block out', async ({ made, answered, fxo, fxs, soon }) => {
    await answered();
    fxo.forget();
    fxs.forget();
    fxo.sendTone(1_004, { ms: 500 });
    const before = await soon(fxo.measure());
    const [fxoBefore, fxsBefore] = [fxo.blocks, fxs.blocks];
    await made.wait(2_000);
    const passedMs = (await soon(fxo.measure()))!.atMs - before!.atMs;
    isNear(fxo.blocks - fxoBefore, passedMs / 20, 5, `blocks in ${passedMs} ms`);
    isNear(fxs.blocks - fxsBefore, passedMs / 20, 5, `blocks in ${passedMs} ms`);
    isNear(fxs.heard.filter((sample) => Math.abs(sample) > 500).length / 160, 25 * audible, 1, 'blocks with the tone');
  });

  clause('what is sent is heard after the delay that the port names, and not before', async ({ made, answered, fxo, fxs }) => {
    await answered();
    let blocks = 0;
    let named = 0;
    for (const [from, to] of [[fxo, fxs], [fxs, fxo]] as const) {
      named += from.port.capabilities.echoDelayMs / 20;
      blocks += await blocksUntilHeard(made, from, to);
    }
    isTrue(blocks >= named && blocks <= named + 4, `there and back ${blocks} blocks, ${named} named`);
  });

  clause('gains of the hardware move the level by what they say', async ({ made, answered, fxo, fxs, soon }) => {
    const { gainsDb } = fxs.port.capabilities;
    if (gainsDb === null) return void same(await soon(fxs.configure({ receiveGainDb: -3 })), 'unsupported');
    await answered();
    fxo.sendTone(1_000);
    await made.wait(500);
    const before = fxs.toneDbm0(1_000);
    same(await soon(fxs.configure({ receiveGainDb: -6 })), 'done');
    await made.wait(500);
    isNear(fxs.toneDbm0(1_000) - before, -6, 0.5, 'receive gain');
    same(await soon(fxo.configure({ sendGainDb: 3 })), 'done');
    await made.wait(500);
    isNear(fxs.toneDbm0(1_000) - before, -3, 0.5, 'send gain');
  });

  clause('a flash opens the loop for as long as it says', async ({ made, answered, fxo, fxs, soon }) => {
    const { flashMs } = fxoOf(fxo);
    if (flashMs === null) return;
    await answered();
    const ms = Math.max(flashMs.least, Math.min(flashMs.most, 300));
    same(await soon(fxo.send({ do: 'flash', ms })), 'done');
    await made.wait(ms + 1_500);
    same(fxo.of('flashEnded').length, 1);
    if (fxsOf(fxs).hookTransitions === 'decoded') return same(fxs.of('hookFlash').length, 1);
    const [on, off] = fxs.of('hook');
    same([on?.hook, off?.hook], ['on', 'off']);
    isNear(off!.atMs - on!.atMs, ms, 40, 'the flash');
  });

  clause('pulses arrive one by one, or as digits where the hardware counts', async ({ made, answered, fxo, fxs, soon }) => {
    if (!fxoOf(fxo).pulseDialing) return;
    await answered();
    same(await soon(fxo.send({ do: 'dialPulses', digits: '30' })), 'done');
    await made.wait(4_000);
    same(fxo.of('pulsesSent').length, 1);
    if (fxsOf(fxs).hookTransitions === 'decoded') return same(fxs.of('pulseDigit').map(({ digit }) => digit).join(''), '30');
    const hooks = fxs.of('hook');
    same(hooks.filter(({ hook }) => hook === 'on').length, 13);
    isNear(hooks[1]!.atMs - hooks[0]!.atMs, 60, 15, 'a break');
  });

  clause('an open loop is absence of battery, and ends by itself', async ({ made, answered, fxo, fxs, soon }) => {
    const { openLoopMs } = fxsOf(fxs);
    if (openLoopMs === null) return;
    await answered();
    const ms = Math.max(openLoopMs.least, Math.min(openLoopMs.most, 500));
    same(await soon(fxs.send({ do: 'openLoop', ms })), 'done');
    await made.wait(ms + 1_000);
    same(fxs.of('openLoopEnded').length, 1);
    const [gone, back] = fxo.of('battery');
    same([gone?.present, back?.present], [false, true]);
    isNear(back!.atMs - gone!.atMs, ms, 100, 'without battery');
    same((await soon(fxs.measure()))?.offHook, true);
  });

  clause('reversed polarity is seen by a port that sees it', async ({ made, answered, fxo, fxs, soon }) => {
    if (!fxsOf(fxs).polarityReversal || !fxoOf(fxo).seesPolarity) return;
    await answered();
    for (const polarity of ['reversed', 'normal'] as const) {
      same(await soon(fxs.send({ do: 'polarity', polarity })), 'done');
      await made.wait(300);
      same((await soon(fxo.measure()))?.polarity, polarity);
    }
    same(fxo.of('polarity').map(({ polarity }) => polarity), ['reversed', 'normal']);
  });

  clause('on hook, audio reaches the telephone while it is transmitted and not otherwise', async ({ made, up, fxo, fxs, soon }) => {
    if (!fxsOf(fxs).onHookTransmission) return;
    await up();
    fxs.sendTone(1_200);
    await made.wait(500);
    isTrue(fxo.toneDbm0(1_200) < -50, 'nothing yet');
    same(await soon(fxs.send({ do: 'onHookTransmission', ms: 1_000 })), 'done');
    await made.wait(500);
    isTrue(fxo.toneDbm0(1_200) > -30, `heard at ${fxo.toneDbm0(1_200)} dBm0`);
    await made.wait(1_000);
    isTrue(fxo.toneDbm0(1_200) < -50, 'and over');
  });

  clause('the pause that is meant for caller ID carries audio', async ({ made, up, fxo, fxs, soon }) => {
    if (!fxsOf(fxs).onHookTransmission) return;
    await up();
    fxs.sendTone(1_200);
    same(await soon(fxs.send({ do: 'ring', cadence: [{ onMs: 600, offMs: 2_000 }], callerId: { afterBurst: 1 } })), 'done');
    await made.wait(1_600);
    isTrue(fxo.toneDbm0(1_200) > -30, `heard at ${fxo.toneDbm0(1_200)} dBm0`);
    await made.wait(2_600);
    isTrue(fxo.toneDbm0(1_200) < -50, 'the second pause is silent');
  });

  clause('a lamp is lit where there is the voltage for it', async ({ made, up, fxo, fxs, soon }) => {
    if (!fxsOf(fxs).messageWaitingLamp) return;
    await up();
    same(await soon(fxs.send({ do: 'messageWaiting', lamp: 'on' })), 'done');
    await made.wait(500);
    same(await soon(fxs.send({ do: 'messageWaiting', lamp: 'off' })), 'done');
    await made.wait(500);
    if (fxoOf(fxo).seesMessageWaiting) same(fxo.of('messageWaiting').map(({ lamp }) => lamp), ['on', 'off']);
  });

  clause('a port measures what it says that it measures', async ({ answered, fxo, fxs, soon }) => {
    await answered();
    for (const recorder of [fxo, fxs]) {
      const reading = await soon(recorder.measure());
      for (const what of ['lineVolts', 'loopMilliamps', 'ringVoltsRms'] as const) same([what, reading?.[what] !== null], [what, recorder.port.capabilities.measures.includes(what)]);
      same(reading?.offHook, true);
      const { lineVolts, loopMilliamps } = { lineVolts: null, loopMilliamps: null, ...reading };
      isTrue(lineVolts === null || (lineVolts > 3 && lineVolts < 30), `${lineVolts} V off hook`);
      isTrue(loopMilliamps === null || (loopMilliamps > 10 && loopMilliamps < 100), `${loopMilliamps} mA off hook`);
    }
  });

  clause('events are numbered without gap, in order of time', async ({ made, answered, fxo, fxs, soon }) => {
    await answered('keep');
    await soon(fxo.send({ do: 'hook', hook: 'on' }));
    await made.wait(500);
    for (const { events } of [fxo, fxs]) {
      same(events.map(({ sequence }) => sequence), events.map((_, n) => n + 1));
      isTrue(events.every(({ atMs }, n) => n === 0 || atMs >= events[n - 1]!.atMs), 'times do not go back');
    }
  });

  clause('a port that is closed in a call hangs up', async ({ made, answered, fxo, fxs }) => {
    await answered();
    fxo.port.close();
    await made.wait(2_000);
    same(fxs.of('hook').at(-1)?.hook, 'on');
  });
}

const usRinging = [{ onMs: 2_000, offMs: 4_000 }];
const shortRinging = [{ onMs: 600, offMs: 1_000 }];
/** Of the samples of a sine of -10 dBm0 so many are above 500: 1 - 2/π · asin(500 / 7219). */
const audible = 0.956;
