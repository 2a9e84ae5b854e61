import { Body, Controller, Inject, Param } from '@nestjs/common';
import type { Author } from '@tipring/store';
import type { CallControl } from '@tipring/telephony';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { ById, ByLeg, callOf, done, LegName, legOf, operationProblems } from './call-operation.ts';
import { CallRepresentation, presentCall } from './call-representations.ts';
import { Operation } from './operation.ts';
import { PhoneName, Phones } from './phones.ts';
import { CALLS } from './ports.ts';

const LegChange = z
  .strictObject({
    isHolding: z.boolean().optional().meta({ description: 'It holds: the others hear music' }),
    isMuted: z.boolean().optional().meta({ description: 'It hears, and is not heard' }),
  })
  .meta({ id: 'LegChange', description: 'What is left out stays' });
const Digits = z.strictObject({ digits: z.string().regex(/^[0-9A-D*#]{1,64}$/, 'digits, *, # and A to D') }).meta({ id: 'DigitSending' });
const Redirection = z.strictObject({ to: z.string().regex(/^[0-9*#+]{1,32}$/, 'digits, *, # and +').meta({ examples: ['102'] }) }).meta({ id: 'Redirection' });
const Pickup = z.strictObject({ by: PhoneName }).meta({ id: 'Pickup' });
const Merger = z.strictObject({ call: z.string().min(1).max(80).meta({ description: 'The call whose parties come into this one' }) }).meta({ id: 'Merger' });
const Supervision = z
  .strictObject({
    by: PhoneName,
    of: LegName.meta({ description: 'Who is supervised: in `whisper` he alone hears the supervisor' }),
    mode: z.enum(['listen', 'whisper', 'barge']).meta({ description: 'listen: hears all; whisper: one party hears him as well; barge: all do' }),
  })
  .meta({ id: 'Supervision' });
const Recording = z.strictObject({ is: z.enum(['running', 'paused']) }).meta({ id: 'RecordingState' });

/** What can be done with a call that is up, whatever its sides are. Transfers and parking slots have paths of their own. */
@Controller('api/v1/calls')
export class CallOperationsController {
  readonly #calls: CallControl;
  readonly #phones: Phones;
  readonly #audit: CallAudit;

  constructor(@Inject(CALLS) calls: CallControl, @Inject(Phones) phones: Phones, @Inject(CallAudit) audit: CallAudit) {
    this.#calls = calls;
    this.#phones = phones;
    this.#audit = audit;
  }

  @Operation({
    method: 'PATCH', path: ':id/legs/:leg', id: 'changeLeg', summary: 'Hold, resume, mute',
    description: 'The same as if the phone had done it; what it does itself afterwards holds.',
    scope: 'act', status: 200, response: CallRepresentation, problems: [...operationProblems],
  })
  change(@Param({ schema: ByLeg }) { id, leg: name }: z.infer<typeof ByLeg>, @Body({ schema: LegChange }) { isHolding, isMuted }: z.infer<typeof LegChange>, @Caller() caller: Author) {
    const leg = legOf(callOf(this.#calls, id), name).id;
    if (isHolding !== undefined) done(isHolding ? this.#calls.hold(id, leg) : this.#calls.resume(id, leg));
    if (isMuted !== undefined) done(this.#calls.mute(id, leg, isMuted));
    this.#audit.note(caller, 'changeLeg', id, { leg, isHolding, isMuted });
    return presentCall(callOf(this.#calls, id));
  }

  @Operation({ method: 'POST', path: ':id/legs/:leg/digits', id: 'sendDigits', summary: 'Send digits to one side', description: 'As RFC 4733 events, SIP INFO or tones: as that side takes them.', scope: 'act', status: 204, problems: [...operationProblems] })
  digits(@Param({ schema: ByLeg }) { id, leg: name }: z.infer<typeof ByLeg>, @Body({ schema: Digits }) { digits }: z.infer<typeof Digits>, @Caller() caller: Author): void {
    const leg = legOf(callOf(this.#calls, id), name).id;
    done(this.#calls.sendDigits(id, leg, digits));
    // Digits may be a PIN.
    this.#audit.note(caller, 'sendDigits', id, { leg, count: digits.length });
  }

  @Operation({ method: 'POST', path: ':id/redirections', id: 'redirectCall', summary: 'Send the call elsewhere', description: 'Whoever rings or talks at its called side is released, and this number is called in its place.', scope: 'act', status: 202, response: CallRepresentation, problems: [...operationProblems] })
  redirect(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: Redirection }) { to }: z.infer<typeof Redirection>, @Caller() caller: Author) {
    callOf(this.#calls, id);
    done(this.#calls.redirect(id, to));
    this.#audit.note(caller, 'redirect', id, { to });
    return presentCall(callOf(this.#calls, id));
  }

  @Operation({ method: 'POST', path: ':id/pickups', id: 'pickUpCall', summary: 'Answer a ringing call with another phone', description: 'Rings `by`; when it answers, it has the call.', scope: 'act', status: 202, response: CallRepresentation, problems: [...operationProblems, 'danglingReference', 'callFailed'] })
  pickUp(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: Pickup }) { by }: z.infer<typeof Pickup>, @Caller() caller: Author) {
    const call = callOf(this.#calls, id);
    if (call.state !== 'ringing' && call.state !== 'trying') done({ ok: false, code: 'wrongState', text: `The call is ${call.state}: there is nothing to pick up.` });
    const own = this.#phones.rings(by, '/by', call.from, call.to, { call: id, as: { is: 'answer' } });
    this.#audit.note(caller, 'pickUp', id, { by, own });
    return this.#rung(own);
  }

  @Operation({ method: 'POST', path: ':id/mergers', id: 'mergeCalls', summary: 'Make one call of two', description: 'All talk to each other. A phone that is in both is in the new one once.', scope: 'act', status: 202, response: CallRepresentation, problems: [...operationProblems] })
  merge(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: Merger }) { call: other }: z.infer<typeof Merger>, @Caller() caller: Author) {
    callOf(this.#calls, id);
    callOf(this.#calls, other);
    done(this.#calls.merge(id, other));
    this.#audit.note(caller, 'merge', id, { other });
    return presentCall(callOf(this.#calls, id));
  }

  @Operation({
    method: 'POST', path: ':id/supervisions', id: 'superviseCall', summary: 'Listen, whisper, barge in',
    description: 'Rings `by`; when it answers, it is in the call as an observer. Of a phone that supervises this call already, the mode changes. Who is listened to is not told: see to it that the law allows it.',
    scope: 'act', status: 202, response: CallRepresentation, problems: [...operationProblems, 'danglingReference', 'callFailed'],
  })
  supervise(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: Supervision }) { by, of, mode }: z.infer<typeof Supervision>, @Caller() caller: Author) {
    const call = callOf(this.#calls, id);
    const party = legOf(call, of).id;
    const present = call.legs.find(({ endpoint, role, state }) => endpoint === by && role === 'observer' && state !== 'released');
    this.#audit.note(caller, 'supervise', id, { by, party, mode });
    if (present !== undefined) {
      done(this.#calls.supervise({ call: id, party, mode, with: present.id }));
      return presentCall(callOf(this.#calls, id));
    }
    if (call.emergency !== null) done({ ok: false, code: 'emergency', text: 'Nobody listens to a call for help.' });
    return this.#rung(this.#phones.rings(by, '/by', call.from, call.to, { call: id, as: { is: 'observer', of: party, mode } }));
  }

  @Operation({ method: 'PUT', path: ':id/recording', id: 'recordCall', summary: 'Record, pause, go on', description: 'What was recorded belongs to the segments of the call’s record.', scope: 'act', status: 200, response: CallRepresentation, problems: [...operationProblems] })
  record(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Body({ schema: Recording }) { is }: z.infer<typeof Recording>, @Caller() caller: Author) {
    const { recording } = callOf(this.#calls, id);
    if (recording !== is) done(this.#calls.record(id, is === 'paused' ? 'pause' : recording === 'paused' ? 'resume' : 'start'));
    this.#audit.note(caller, 'record', id, { is });
    return presentCall(callOf(this.#calls, id));
  }

  @Operation({ method: 'DELETE', path: ':id/recording', id: 'endRecording', summary: 'Record no more', scope: 'act', status: 204, problems: [...operationProblems] })
  endRecording(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Caller() caller: Author): void {
    if (callOf(this.#calls, id).recording !== null) done(this.#calls.record(id, 'stop'));
    this.#audit.note(caller, 'record', id, { is: 'stopped' });
  }

  #rung(own: string) {
    return presentCall(callOf(this.#calls, own));
  }
}
