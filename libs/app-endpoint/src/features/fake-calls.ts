import type { CallControl, CallListener, CallView, LegView, Operated, OperationRefusal, OriginateRequest, ParkedCall, Party } from '@tipring/telephony';

/** Calls as they are said to be, and what is done with them; for tests. */
export class FakeCalls implements CallControl {
  /** What was done, oldest first. */
  readonly done: string[] = [];
  parkedCalls: readonly ParkedCall[] = [];
  /** Of what is done next. */
  refusal: OperationRefusal | null = null;
  #originated = 0;
  readonly #views = new Map<string, CallView>();
  readonly #listeners = new Set<CallListener>();

  get observers(): number {
    return this.#listeners.size;
  }

  /** A telephone is connected with an application. */
  begin(id: string, from: Party, endpoint: string): void {
    this.#set(id, { state: 'talking', from, legs: [legOf(id, 1, endpoint, 'caller', 'answered'), legOf(id, 2, 'app', 'called', 'answered')] });
  }

  ring(id: string, from: Party, endpoints: readonly string[], rest: Partial<CallView> = {}): void {
    const call = this.#set(id, { state: 'ringing', from, legs: [legOf(id, 1, 'trk', 'caller', 'trying'), ...endpoints.map((endpoint, n) => legOf(id, n + 2, endpoint, 'called', 'ringing'))], ...rest });
    for (const listener of this.#listeners) listener({ type: 'call.ringing', at: 0, call });
  }

  talk(id: string, [caller, called]: readonly [string, string], state: 'talking' | 'held'): void {
    this.#set(id, { state, legs: [legOf(id, 1, caller, 'caller', state === 'held' ? 'held' : 'answered'), legOf(id, 2, called, 'called', 'answered')] });
  }

  /** Who was called is transferred to an application by who had called. */
  send(id: string, called: string): void {
    this.#set(id, { state: 'talking', legs: [legOf(id, 1, 'sta', 'caller', 'released'), legOf(id, 2, called, 'called', 'answered'), legOf(id, 3, 'app', 'called', 'answered')] });
  }

  end(id: string): void {
    const call = this.#views.get(id);
    this.#views.delete(id);
    if (call !== undefined) for (const listener of this.#listeners) listener({ type: 'call.ended', at: 0, call, cause: 'normalClearing' });
  }

  calls(): readonly CallView[] {
    return [...this.#views.values()];
  }

  call(id: string): CallView | undefined {
    return this.#views.get(id);
  }

  callerLeg(id: string): string | undefined {
    return this.#views.get(id)?.legs.find(({ role }) => role === 'caller')?.id;
  }

  observe(listener: CallListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  originate({ from, party, to, destination }: OriginateRequest): string {
    this.done.push(`originate ${from} ${party.number} to ${destination === undefined ? to : destination.type}`);
    const id = `originated-${++this.#originated}`;
    this.#set(id, { state: 'trying', from: party, legs: [legOf(id, 1, from, 'caller', 'trying')] });
    return id;
  }

  /** Who was rung has answered, and hears what he was rung for. */
  answer(id: string): void {
    const call = this.#views.get(id);
    if (call !== undefined) for (const listener of this.#listeners) listener({ type: 'call.answered', at: 0, call });
  }

  pickUp({ call, with: leg }: { readonly call: string; readonly with: string }): Operated {
    return this.#do(`pickUp ${call} with ${leg}`, {});
  }

  park({ call, leg, lot }: { readonly call: string; readonly leg: string; readonly lot: string }): Operated<{ readonly slot: string }> {
    return this.#do(`park ${call} ${leg} ${lot}`, { slot: '701' });
  }

  retrieve({ lot, slot, with: leg }: { readonly lot: string; readonly slot: string; readonly with: string }): Operated {
    return this.#do(`retrieve ${lot} ${slot} with ${leg}`, {});
  }

  supervise({ call, party, mode, with: leg }: { readonly call: string; readonly party: string; readonly mode: string; readonly with: string }): Operated {
    return this.#do(`supervise ${call} ${party} ${mode} with ${leg}`, {});
  }

  parked(): readonly ParkedCall[] {
    return this.parkedCalls;
  }

  transfers(): readonly never[] {
    return [];
  }

  transferOf(): undefined {
    return undefined;
  }

  hangUp(id: string): boolean {
    this.done.push(`hangUp ${id}`);
    this.end(id);
    return true;
  }

  hold = (): OperationRefusal => impossible;
  resume = (): OperationRefusal => impossible;
  mute = (): OperationRefusal => impossible;
  sendDigits = (): OperationRefusal => impossible;
  transfer = (): OperationRefusal => impossible;
  completeTransfer = (): OperationRefusal => impossible;
  cancelTransfer = (): OperationRefusal => impossible;
  swapTransfer = (): OperationRefusal => impossible;
  redirect = (): OperationRefusal => impossible;
  merge = (): OperationRefusal => impossible;
  record = (): OperationRefusal => impossible;

  #do<T extends object>(what: string, result: T): Operated<T> {
    if (this.refusal !== null) return this.refusal;
    this.done.push(what);
    return { ok: true, ...result };
  }

  #set(id: string, rest: Partial<CallView>): CallView {
    const call: CallView = { id, state: 'talking', direction: 'internal', startedAt: 1_000, answeredAt: null, from: { number: '201' }, to: '', legs: [], recovered: false, emergency: null, parked: null, recording: null, ...rest };
    this.#views.set(id, call);
    return call;
  }
}

function legOf(call: string, n: number, endpoint: string, role: LegView['role'], state: LegView['state']): LegView {
  return { id: `${call}.${n}`, endpoint, role, state, party: { number: '' }, isMuted: false, reference: '', startedAt: 0, answeredAt: null };
}

const impossible: OperationRefusal = { ok: false, code: 'refused', text: 'not here' };
