import { expect, test } from 'vitest';
import { PortBed } from './testing/port-bed.ts';

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
  expect(telephone.ear.toneDbm0(440)).toBeLessThan(-45);
  expect(office.ear.toneDbm0(440)).toBeGreaterThan(-16);
  expect(office.ear.toneDbm0(1_404)).toBeLessThan(-45);
  bed.unit.close();
});
