import { expect, test } from 'vitest';
import type { WatchedTone } from '@tipring/dsp';
import { PortBed, toneAt } from './testing/port-bed.ts';

test('two ports that are patched hear each other: a telephone on one, an exchange on the other, each its own tone', () => {
  const bed = new PortBed();
  const office = bed.office('S/1', { dialTone: null });
  const telephone = bed.telephone('S/2');
  bed.open('S/1');
  bed.open('S/2');
  telephone.lift();
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.obey({ do: 'patchPorts', ports: ['S/1', 'S/2'] });
  bed.wait(500);
  office.mouth.play({ segments: [{ frequenciesHz: [1_404], durationMs: null }] }, -13);
  telephone.mouth.play({ segments: [{ frequenciesHz: [440], durationMs: null }] }, -13);
  bed.wait(3_000);
  expect(telephone.ear.toneDbm0(1_404)).toBeGreaterThan(-16);
  expect(telephone.ear.toneDbm0(440)).toBeLessThan(-23);
  expect(office.ear.toneDbm0(440)).toBeGreaterThan(-16);
  expect(office.ear.toneDbm0(1_404)).toBeLessThan(-23);
  bed.unit.close();
});

test.each([[700, 1_100], [900, 700], [500, 600], [1_000, 2_000], [404, 1_004]])('two telephones that are patched, %i and %i Hz together from the first moment: each hears the other steadily', (hz, otherHz) => {
  const bed = new PortBed();
  const telephones = [bed.telephone('S/2'), bed.telephone('S/4')] as const;
  for (const port of ['S/2', 'S/4']) bed.open(port);
  for (const telephone of telephones) telephone.lift();
  bed.obey({ do: 'patchPorts', ports: ['S/2', 'S/4'] });
  bed.wait(500);
  for (const [index, telephone] of telephones.entries()) telephone.mouth.play({ segments: [{ frequenciesHz: [[hz, otherHz][index]!], durationMs: null }] }, -15);
  bed.wait(1_000);
  for (let times = 0; times < 8; times++) {
    bed.wait(500);
    expect(Math.abs(telephones[0].ear.toneDbm0(otherHz) + 15)).toBeLessThan(1);
    expect(Math.abs(telephones[1].ear.toneDbm0(hz) + 15)).toBeLessThan(1);
    expect(telephones[0].ear.toneDbm0(hz)).toBeLessThan(-28);
    expect(telephones[1].ear.toneDbm0(otherHz)).toBeLessThan(-28);
  }
  bed.unit.close();
});

test('a command is refused for what it is: no port, a card that is gone, a port that is not open', () => {
  const bed = new PortBed();
  expect(bed.ask({ do: 'listen', port: 'X/1', listening: {} }).refusal?.code).toBe('noSuchPort');
  expect(bed.ask({ do: 'openPort', port: 'S/9' }).refusal?.code).toBe('noSuchPort');
  expect(bed.ask({ do: 'play', port: 'S/1', sounds: [] }).refusal?.code).toBe('closed');
  expect(bed.ask({ do: 'closePort', port: 'S/1' }).refusal?.code).toBe('closed');
  expect(bed.ask({ do: 'simulator' }).refusal?.code).toBe('noSimulator');
  bed.open('S/1');
  expect(bed.ask({ do: 'patchPorts', ports: ['S/1', 'S/2'] }).refusal?.code).toBe('closed');
  expect(bed.ask({ do: 'commandPort', port: 'S/1', command: { do: 'ringStop' } }).refusal?.code).toBe('unsupported');
  bed.cards.remove('S');
  bed.wait(10);
  expect(bed.told('S/1').at(-1)).toEqual({ type: 'absent' });
  expect(bed.events.some((event) => event.event === 'card' && event.change === 'gone')).toBe(true);
  expect(bed.ask({ do: 'openPort', port: 'S/1' }).refusal?.code).toBe('absent');
  bed.cards.insert('S');
  bed.wait(10);
  bed.open('S/1');
  bed.unit.close();
});

test('a sound that cannot be played is refused, and what was played goes on', () => {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/2');
  telephone.lift();
  const tone = (frequenciesHz: number[]) => ({ type: 'tone', tone: { segments: [{ frequenciesHz, durationMs: null }] }, levelDbm0: -15 }) as const;
  bed.play('S/2', tone([425]));
  for (const sounds of [[tone([5_000])], [tone([1, 2, 3, 4, 5])], [{ type: 'digits', digits: '12x', digitMs: 80, pauseMs: 80, levelDbm0: -6 }], [tone([600]), { type: 'fsk', message: [256], modem: 'v23', hook: 'on', levelDbm0: -13 }]] as const) {
    expect(bed.ask({ do: 'play', port: 'S/2', sounds }).refusal?.code).toBe('badCommand');
  }
  bed.wait(500);
  expect(telephone.ear.toneDbm0(425)).toBeGreaterThan(-18);
  bed.play('S/2');
  bed.wait(500);
  expect(telephone.ear.levelDbm0()).toBeLessThan(-60);
  expect(bed.of('S/2', 'soundEnded')).toEqual([]);
  bed.unit.close();
});

test('a treatment with a tone that is none is refused as a whole', () => {
  const bed = new PortBed();
  const tones = [{ id: 'broken', tone: { segments: [{ frequenciesHz: [425], durationMs: -5 }, null] } }] as unknown as WatchedTone[];
  expect(bed.ask({ do: 'openPort', port: 'S/2', treatment: { tones } }).refusal?.code).toBe('badCommand');
  bed.open('S/2');
  expect(bed.ask({ do: 'configurePort', port: 'S/2', settings: { receiveGainDb: 3 }, treatment: { tones } }).refusal?.code).toBe('badCommand');
  expect(bed.obey({ do: 'configurePort', port: 'S/2' }).settings.receiveGainDb).toBe(0);
  bed.unit.close();
});

test('a tone over the call is added to it, another takes its place', () => {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/2');
  telephone.lift();
  const link = bed.connect('S/2');
  const call = (ms: number): void => {
    for (let at = 0; at < ms * 8; at += 160) {
      link.say(toneAt(1_000, -15, at, 160));
      bed.wait(20);
    }
  };
  for (const over of [true, false]) {
    bed.play('S/2', { type: 'tone', tone: { segments: [{ frequenciesHz: [440], durationMs: null }] }, levelDbm0: -20, over });
    call(1_000);
    expect(telephone.ear.toneDbm0(440)).toBeGreaterThan(-23);
    expect(telephone.ear.toneDbm0(1_000) > -18).toBe(over);
  }
  bed.unit.close();
});

test('gains hold in both directions, without a click when they change', () => {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/2', { echo: null, receiveGainDb: -6, sendGainDb: 3 });
  telephone.lift();
  const link = bed.connect('S/2');
  telephone.mouth.play({ segments: [{ frequenciesHz: [440], durationMs: null }] }, -15);
  for (let at = 0; at < 8_000; at += 160) {
    link.say(toneAt(1_404, -20, at, 160));
    bed.wait(20);
  }
  const plain = telephone.ear.toneDbm0(1_404);
  expect(Math.abs(plain + 17)).toBeLessThan(1);
  const { received, sent } = bed.measure('S/2');
  expect(Math.abs(received.rmsDbm0 + 21)).toBeLessThan(1.5);
  expect(Math.abs(sent.rmsDbm0 + 17)).toBeLessThan(1);
  bed.obey({ do: 'configurePort', port: 'S/2', treatment: { sendGainDb: -3 } });
  for (let at = 8_000; at < 16_000; at += 160) {
    link.say(toneAt(1_404, -20, at, 160));
    bed.wait(20);
  }
  expect(Math.abs(telephone.ear.toneDbm0(1_404) - plain + 6)).toBeLessThan(0.3);
  bed.unit.close();
});

test('a line tells how it is when it is opened, and again when it is asked', () => {
  const bed = new PortBed();
  bed.office('S/1');
  bed.open('S/1');
  expect(bed.of('S/1', 'portHook')).toEqual([{ type: 'portHook', hook: 'on' }]);
  expect(bed.of('S/1', 'battery').map(({ present }) => present)).toEqual([true]);
  bed.command('S/1', { do: 'hook', hook: 'off' });
  bed.events.length = 0;
  bed.obey({ do: 'inspectPort', port: 'S/1' });
  expect(bed.told('S/1').map(({ type }) => type)).toEqual(expect.arrayContaining(['battery', 'polarity', 'portHook']));
  expect(bed.of('S/1', 'portHook')).toEqual([{ type: 'portHook', hook: 'off' }]);
  bed.events.length = 0;
  const { isOpen } = bed.obey({ do: 'openPort', port: 'S/1' });
  expect(isOpen).toBe(true);
  expect(bed.of('S/1', 'portHook')).toEqual([{ type: 'portHook', hook: 'off' }]);
  bed.unit.close();
});

test('a port that is closed in a call takes its link or its patch with it, and its channel serves the next', () => {
  const bed = new PortBed();
  const telephone = bed.telephone('S/2');
  bed.open('S/1');
  bed.open('S/2');
  telephone.lift();
  const link = bed.connect('S/1');
  bed.obey({ do: 'closePort', port: 'S/1' });
  expect(link.isClosed).toBe(true);
  bed.open('S/1');
  bed.obey({ do: 'patchPorts', ports: ['S/1', 'S/2'] });
  bed.obey({ do: 'closePort', port: 'S/1' });
  bed.wait(200);
  expect(telephone.ear.levelDbm0()).toBeLessThan(-60);
  const again = bed.connect('S/2');
  for (let at = 0; at < 4_000; at += 160) {
    again.say(toneAt(1_404, -20, at, 160));
    bed.wait(20);
  }
  expect(telephone.ear.toneDbm0(1_404)).toBeGreaterThan(-22);
  bed.unit.close();
});

test('a link that stays goes on when its codec or its digits become others', () => {
  const bed = new PortBed();
  bed.open('S/2');
  const link = { address: 'test', port: 7, telephoneEvent: 101, digits: 'audio' } as const;
  bed.obey({ do: 'connectPort', port: 'S/2', codec: 'PCMU', link });
  bed.obey({ do: 'connectPort', port: 'S/2', codec: 'PCMA', link: { ...link, digits: 'events' } });
  expect(bed.links).toHaveLength(1);
  expect(bed.links[0]!.digits).toBe('events');
  bed.obey({ do: 'connectPort', port: 'S/2', codec: 'PCMA', link: { ...link, port: 8 } });
  expect(bed.links.map(({ isClosed }) => isClosed)).toEqual([true, false]);
  bed.unit.close();
});

test('all 32 ports of a card in calls: four a vector, none hears another', () => {
  const bed = new PortBed([{ serial: 'S', ports: Array.from({ length: 32 }, () => 'fxs' as const) }]);
  const telephones = Array.from({ length: 32 }, (_, n) => bed.telephone(`S/${n + 1}`));
  const links = telephones.map((telephone, n) => {
    bed.open(`S/${n + 1}`, { echo: { tailMs: n % 3 === 0 ? 32 : 64 } });
    telephone.lift();
    telephone.mouth.play({ segments: [{ frequenciesHz: [400 + 70 * n], durationMs: null }] }, -15);
    return bed.connect(`S/${n + 1}`);
  });
  bed.wait(600);
  links.forEach((link, n) => {
    const heard = Float32Array.from(link.heard.slice(-1_600));
    for (const other of [n, (n + 1) % 32, (n + 4) % 32]) expect(10 * Math.log10(goertzel(heard, 400 + 70 * other)) > -20).toBe(other === n);
  });
  expect(bed.ask({ do: 'openPort', port: 'S/33' }).refusal?.code).toBe('noSuchPort');
  bed.unit.close();
});

/** Power of one frequency, 1 is 0 dBm0. */
function goertzel(samples: Float32Array, hz: number): number {
  let re = 0;
  let im = 0;
  samples.forEach((sample, n) => {
    re += sample * Math.cos((2 * Math.PI * hz * n) / 8_000);
    im += sample * Math.sin((2 * Math.PI * hz * n) / 8_000);
  });
  return (2 * (re * re + im * im)) / samples.length ** 2 / 16_140 ** 2;
}
