import { FakeTimers } from '@tipring/clock';
import type { PortCommand } from '../port-command.ts';
import { PortRecorder } from '../port-recorder.ts';
import type { Line, LineSettings } from '../twin/line.ts';
import { CentralOffice, type CentralOfficeSettings, type OfficeEvent } from './central-office.ts';
import { SimulatedCards } from './simulated-cards.ts';
import { Telephone, type TelephoneEvent, type TelephoneSettings } from './telephone.ts';

/** For tests: one card, an open port of it, and a far end on so much cable. Time is virtual. */
class LineBed {
  readonly timers = new FakeTimers();
  readonly cards = new SimulatedCards(this.timers, [{ serial: 'S', ports: ['fxo', 'fxs'] }]);

  wait(ms: number): void {
    this.timers.advance(ms);
  }

  recorder(port: 1 | 2): PortRecorder {
    return new PortRecorder(this.cards.port({ card: 'S', port })!);
  }

  /** Done, or throws with the refusal. */
  obey(recorder: PortRecorder, command: PortCommand): void {
    let answer: string | null = 'nothing';
    recorder.port.send(command, (refusal) => (answer = refusal === null ? null : refusal.text));
    this.wait(1);
    if (answer !== null) throw new Error(answer);
  }
}

export interface OfficeLine {
  readonly bed: LineBed;
  readonly line: Line;
  readonly office: CentralOffice;
  readonly events: readonly OfficeEvent[];
  readonly port: PortRecorder;
}

/** A line of the telephone company on an open FXO port, 500 ms ago. */
export function officeLine({ settings = {}, line = shortLine }: { readonly settings?: CentralOfficeSettings; readonly line?: LineSettings } = {}): OfficeLine {
  const bed = new LineBed();
  const office = new CentralOffice(bed.timers, settings);
  const events: OfficeEvent[] = [];
  office.onEvent = (event) => events.push(event);
  const laid = bed.cards.plug({ card: 'S', port: 1 }, office, line);
  return { bed, line: laid, office, events, port: opened(bed, 1) };
}

export interface TelephoneLine {
  readonly bed: LineBed;
  readonly line: Line;
  readonly telephone: Telephone;
  readonly events: readonly TelephoneEvent[];
  readonly port: PortRecorder;
}

/** A telephone on an open FXS port, on hook. */
export function telephoneLine({ settings = {}, line = shortLine }: { readonly settings?: TelephoneSettings; readonly line?: LineSettings } = {}): TelephoneLine {
  const bed = new LineBed();
  const telephone = new Telephone(bed.timers, settings);
  const events: TelephoneEvent[] = [];
  telephone.onEvent = (event) => events.push(event);
  const laid = bed.cards.plug({ card: 'S', port: 2 }, telephone, line);
  return { bed, line: laid, telephone, events, port: opened(bed, 2) };
}

function opened(bed: LineBed, port: 1 | 2): PortRecorder {
  const recorder = bed.recorder(port);
  void recorder.open();
  bed.wait(500);
  return recorder;
}

export const shortLine: LineSettings = { cable: { gauge: 'AWG 24', km: 0.05 } };
