import type { CallBlob } from './call-blob.ts';
import type { OriginateRequest } from './call-control.ts';
import { hearing } from './call-hearing.ts';
import type { CallInput } from './call-inputs.ts';
import type { CallLogState, LoggedLeg } from './call-log.ts';
import type { CallSurroundings } from './call-surroundings.ts';
import type { EndpointId, Offer } from './endpoint.ts';
import type { LegId, LegSnapshot } from './leg.ts';
import type { Outcome } from './outcome.ts';
import type { RunningCall } from './running-call.ts';

/* How a call begins. The record is begun before a leg can say anything to anybody. */

/** An arriving call; with a refusal it is only recorded and released. `goesInto`: it replaces a leg of that call; null: that cannot be. */
export function offered(call: RunningCall, offer: Offer, surroundings: CallSurroundings, refusal: Outcome | null, goesInto: CallLogState['goesInto'] | null): void {
  const { log, dialler, inbox } = call;
  call.work(() => {
    recordBegins(call, offer.endpoint, offer.reference, surroundings);
    const leg = call.legs.enter(surroundings.settings.wallClock(), { endpoint: offer.endpoint, role: 'caller', party: offer.from, how: 'offered' }, (id, listener) => offer.accept(id, call.id, listener));
    call.news.publish({ type: 'call.started' });
    if (offer.refusal !== undefined) inbox.unshift(dialler.refused(leg, offer.refusal));
    else if (goesInto === undefined) inbox.push(dialler.offered(leg, offer, refusal));
    else if (goesInto === null) inbox.unshift(dialler.refused(leg, nothingToReplace));
    else {
      log.state.goesInto = goesInto;
      call.offeredMedia = offer.media;
      inbox.push({ type: 'offeredOver', leg });
    }
  });
}

/** Click to dial. */
export function originated(call: RunningCall, request: OriginateRequest, surroundings: CallSurroundings, refusal: Outcome | null): void {
  const { log, dialler, inbox } = call;
  call.work(() => {
    recordBegins(call, request.from, '', surroundings);
    log.tell(surroundings.settings.wallClock(), 'offered', `dialled for ${request.from}`);
    call.news.publish({ type: 'call.started' });
    if (request.intoCall !== undefined) log.state.goesInto = request.intoCall;
    inbox.push(dialler.originated(request, refusal));
  });
}

/** A leg of another call dials: it is on its way. */
export function begunFor(call: RunningCall, { endpoint, reference }: LoggedLeg, surroundings: CallSurroundings): void {
  call.work(() => {
    recordBegins(call, endpoint, reference, surroundings);
    call.news.publish({ type: 'call.started' });
  });
}

/** Takes a call back that was up, or ends one that was being set up. */
export function adopted(call: RunningCall, { state, dialling, snapshots }: CallBlob, surroundings: CallSurroundings): void {
  const { log, recording } = call;
  call.work(() => {
    const now = surroundings.settings.wallClock();
    log.state.recovered = true;
    call.news.adopted();
    log.tell(now, 'recovered', 'the controller was restarted, and took this call back');
    const open = log.state.legs.filter((leg) => leg.state !== 'released');
    call.inbox.push(resumption(state, open.map((leg) => leg.id), Math.max(0, (log.state.waitsUntil ?? 0) - now)));
    if (dialling !== null) call.dialler.resume(dialling);
    recording.adopt();
    const heard = state === null || state.at === 'setup' ? null : hearing(state);
    if (heard !== null) call.connection.adopt(heard, recording.recorder);
    // Whom it heard rings no more; and a call that had begun to end has taken the music away.
    call.isAnew = state?.at === 'setup' || (heard !== null && heard.music.length > 0);
    for (const leg of open) adoptLeg(call, leg, snapshots[leg.id], surroundings);
  });
}

function adoptLeg(call: RunningCall, logged: LoggedLeg, snapshot: LegSnapshot | undefined, { ports }: CallSurroundings): void {
  const [endpoint] = ports.endpoints.find(logged.endpoint);
  if (endpoint !== undefined && snapshot !== undefined) call.legs.adopt(logged, (listener) => endpoint.adopt(logged.id, snapshot, listener));
  // Nothing is known of it: its far end has to find out by itself.
  else call.heard(logged.id, { type: 'released', cause: 'temporaryFailure', evidence: { kind: 'restart', text: 'nothing was left to take this leg back' } });
}

/** How a call that is taken back goes on; `open`: its legs that were not released. */
function resumption(state: CallBlob['state'], open: readonly LegId[], waitingMs: number): CallInput {
  if (state === null) return { type: 'interrupted', legs: open, outcome: interrupted };
  const losers = open.filter((leg) => !legsOf(state).includes(leg));
  if (state.at === 'setup') return { type: 'resumed', state: { ...state, losers }, attempts: state.attempts };
  return { type: 'adopted', state: { ...state, losers }, waitingMs: state.at === 'waiting' && state.why.is === 'slot' ? waitingMs : null };
}

function legsOf(state: NonNullable<CallBlob['state']>): readonly LegId[] {
  switch (state.at) {
    case 'talking':
      return [...state.parties, ...state.observers.map(({ leg }) => leg)];
    case 'waiting':
      return [state.leg];
    case 'setup':
      return [state.caller.leg, ...(state.sentOn?.back?.by === undefined ? [] : [state.sentOn.back.by])];
  }
}

function recordBegins({ log }: RunningCall, endpoint: EndpointId, reference: string, { ports }: CallSurroundings): void {
  const { id, startedAt, from, to } = log.state;
  ports.records.begun({ id, startedAt, from, to, endpoint, reference });
}

const nothingToReplace: Outcome = { cause: 'rejected', evidence: { kind: 'replaces', text: 'what it is to replace cannot be' } };
const interrupted: Outcome = { cause: 'temporaryFailure', evidence: { kind: 'restart', text: 'controller restarted during set-up' } };
