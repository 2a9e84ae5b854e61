import type { Timer, Timers } from '@tipring/clock';
import type { CallerIdTime, Dsp } from '@tipring/dsp';
import { type PortId, portKey } from '../contract.ts';
import type { Line, LineSettings } from '../twin/line.ts';
import { checkAct } from './act-check.ts';
import { CallerIdDisplay } from './caller-id-display.ts';
import { CallerIdVoice } from './caller-id-voice.ts';
import { ExchangeLine } from './exchange-line.ts';
import { SimulatedCards } from './simulated-cards.ts';
import type { ActRefusal, ActResult, CardAct, LineAct, SimulatorAct, TelephoneAct, WireAct } from './simulator-act.ts';
import type { DisplayPlan, PlannedPort, SimulatorPlan, SpokenTone, TelephonePlan, WirePlan } from './simulator-plan.ts';
import { checkPlan } from './plan-check.ts';
import { disturb, obeyLine, obeyTelephone } from './simulator-acting.ts';
import { lineState, type PluggedLine, type PluggedTelephone, telephoneState } from './simulator-reading.ts';
import type { CardState, ExchangeLineState, SimulatorState, TelephoneState } from './simulator-state.ts';
import { Telephone } from './telephone.ts';

export interface SimulatorWorld {
  readonly timers: Timers;
  /** For caller ID, sent and shown; null: there is none but by DTMF, and no telephone shows it. A telephone takes 8 KiB of it. */
  readonly dsp: Dsp | null;
  /** What exchanges tell as the time of a call; midnight of 1 January when absent. */
  readonly timeOfDay?: () => CallerIdTime;
}

/** Telephone and exchange lines that do not exist, on cards that do not exist: what is done to them are acts, what they see and hear is their state. */
export class Simulator {
  /** The driver; the gateway takes it for hardware. */
  readonly cards: SimulatedCards;
  readonly #timers: Timers;
  readonly #plan: SimulatorPlan;
  readonly #pulled = new Set<string>();
  readonly #telephones = new Map<string, PluggedTelephone>();
  readonly #lines = new Map<string, PluggedLine>();
  readonly #strokes = new Set<Timer>();

  /** Throws RangeError for what `checkPlan` refuses. */
  constructor({ timers, dsp, timeOfDay = () => newYear }: SimulatorWorld, plan: SimulatorPlan) {
    const checked = checkPlan(plan);
    if (!checked.ok) throw new RangeError(checked.text);
    this.#timers = timers;
    this.#plan = plan;
    this.cards = new SimulatedCards(timers, plan.cards.map(({ serial, slot, ppm, ports }) => ({ serial, ports: ports.map((port) => port?.kind ?? null), ...(slot === undefined ? {} : { slot }), ...(ppm === undefined ? {} : { ppm }) })));
    const voice = new CallerIdVoice(dsp, timeOfDay);
    const makeDisplay = displaysOf(dsp);
    for (const { serial, ports } of plan.cards) for (const [index, port] of ports.entries()) this.#plugIn({ card: serial, port: index + 1 }, port, voice, makeDisplay);
  }

  /** All of the act or, refused, none of it. */
  act(act: SimulatorAct): ActResult {
    const checked = checkAct(act);
    if (!checked.ok) return checked;
    switch (checked.act.on) {
      case 'telephone':
        return this.#toTelephone(checked.act);
      case 'line':
        return this.#toLine(checked.act);
      case 'wire':
        return this.#toWire(checked.act);
      case 'card':
        return this.#toCard(checked.act);
    }
  }

  state(): SimulatorState {
    return {
      atMs: this.#timers.now(),
      cards: this.#plan.cards.map(({ serial }) => this.#cardState(serial)),
      lines: [...this.#lines.values()].map(lineState),
      telephones: [...this.#telephones.values()].map(telephoneState),
    };
  }

  /** Of what is plugged into one port; null: nothing. */
  stateOf(id: PortId): ExchangeLineState | TelephoneState | null {
    const line = this.#lines.get(portKey(id));
    const telephone = this.#telephones.get(portKey(id));
    return line !== undefined ? lineState(line) : telephone !== undefined ? telephoneState(telephone) : null;
  }

  /** The far end itself, for what needs more than acts: speech to say, samples to hear. */
  telephone(id: PortId): Telephone | null {
    return this.#telephones.get(portKey(id))?.telephone ?? null;
  }

  line(id: PortId): ExchangeLine | null {
    return this.#lines.get(portKey(id))?.exchange ?? null;
  }

  /** Nothing runs on. */
  close(): void {
    for (const stroke of this.#strokes) stroke.stop();
    for (const { exchange } of this.#lines.values()) exchange.stop();
    for (const { telephone } of this.#telephones.values()) telephone.stop();
    this.cards.close();
  }

  #plugIn(id: PortId, port: PlannedPort | null, voice: CallerIdVoice, makeDisplay: DisplayMaker): void {
    const key = portKey(id);
    const seed = this.#lines.size + this.#telephones.size + 1;
    if (port?.kind === 'fxo' && port.line !== null) {
      const exchange = new ExchangeLine(this.#timers, port.line, voice, partyTone(this.#lines.size));
      this.#lines.set(key, { id, plan: port.line, exchange, wire: this.cards.plug(id, exchange.office, wireSettings(port.line.wire, seed)) });
    }
    if (port?.kind === 'fxs' && port.telephone !== null) {
      const { telephone: plan } = port;
      const telephone = new Telephone(this.#timers, telephoneSettings(plan), makeDisplay(plan.display));
      this.#telephones.set(key, { id, plan, telephone, speaks: null, wire: this.cards.plug(id, telephone, wireSettings(plan.wire, seed)) });
    }
  }

  #toTelephone(act: TelephoneAct): ActResult {
    const plugged = this.#telephones.get(portKey(act.port));
    if (plugged === undefined) return refused('notFound', `There is no telephone at ${portKey(act.port)}.`);
    const problem = obeyTelephone(plugged, act);
    return problem === null ? { ok: true, state: telephoneState(plugged) } : refused('wrongState', problem);
  }

  #toLine(act: LineAct): ActResult {
    const plugged = this.#lines.get(portKey(act.port));
    if (plugged === undefined) return refused('notFound', `There is no line at ${portKey(act.port)}.`);
    const problem = obeyLine(plugged.exchange, act);
    return problem === null ? { ok: true, state: lineState(plugged) } : refused('wrongState', problem);
  }

  #toWire(act: WireAct): ActResult {
    const key = portKey(act.port);
    const line = this.#lines.get(key);
    const telephone = this.#telephones.get(key);
    const wire = line?.wire ?? telephone?.wire;
    if (wire === undefined) return refused('notFound', `Nothing is plugged in at ${key}.`);
    if (act.do === 'lightning') this.#strike(wire);
    else disturb(wire, act);
    return { ok: true, state: line === undefined ? telephoneState(telephone!) : lineState(line) };
  }

  #toCard(act: CardAct): ActResult {
    if (!this.#plan.cards.some(({ serial }) => serial === act.card)) return refused('notFound', `There is no card ${act.card}.`);
    if (act.do === 'drift') this.cards.setDrift(act.card, act.ppm);
    else if (act.do === 'pull') {
      this.#pulled.add(act.card);
      this.cards.remove(act.card);
    } else {
      this.#pulled.delete(act.card);
      this.cards.insert(act.card);
    }
    return { ok: true, state: this.#cardState(act.card) };
  }

  /** The main stroke and two that follow it. */
  #strike(wire: Line): void {
    for (const { afterMs, voltsRms } of strokes) {
      const stroke = this.#timers.start(afterMs, () => {
        this.#strokes.delete(stroke);
        wire.induce(voltsRms, null, strokeMs);
      });
      this.#strokes.add(stroke);
    }
  }

  #cardState(serial: string): CardState {
    const { slot = null } = this.#plan.cards.find((card) => card.serial === serial)!;
    return { is: 'card', card: serial, slot, present: !this.#pulled.has(serial), ppm: this.cards.driftOf(serial) };
  }
}

type DisplayMaker = (plan: DisplayPlan | null | undefined) => ConstructorParameters<typeof Telephone>[2];

/** All displays of a simulator work in the same rows. */
function displaysOf(dsp: Dsp | null): DisplayMaker {
  if (dsp === null) return () => null;
  const audio = dsp.rows(4, 160);
  return (plan = usualDisplay) => (plan === null ? null : (world) => new CallerIdDisplay(dsp, audio, plan, world));
}

function telephoneSettings({ ren, load, impedance, display }: TelephonePlan): ConstructorParameters<typeof Telephone>[1] {
  return { ...(ren === undefined ? {} : { ren }), ...(load === undefined ? {} : { load }), ...(impedance === undefined ? {} : { impedance }), seizesForCallerId: display?.seizesForIt ?? false };
}

function wireSettings({ cable, disturbance, seed }: WirePlan, usualSeed: number): LineSettings {
  return { cable, seed: seed ?? usualSeed, ...(disturbance === undefined ? {} : { disturbance }) };
}

/** Tones that no exchange plays by itself, and that are told apart: 900 Hz and up. */
function partyTone(line: number): SpokenTone {
  return { frequencyHz: 900 + 30 * (line % 40), levelDbm0: -13 };
}

function refused(code: ActRefusal['code'], text: string): ActResult {
  return { ok: false, refusal: { code, text } };
}

const newYear: CallerIdTime = { month: 1, day: 1, hour: 0, minute: 0 };
const usualDisplay: DisplayPlan = { fsk: 'bell-202', dtmf: null, callWaiting: true };
const strokes = [{ afterMs: 0, voltsRms: 1_500 }, { afterMs: 120, voltsRms: 800 }, { afterMs: 310, voltsRms: 400 }];
const strokeMs = 3;
