import { z } from 'zod';
import { LineGroupSettings } from '../line-group.ts';
import { NumberForm } from '../numbers.ts';
import { InboundRouteSettings, OutboundAttempt, OutboundRouteSettings } from '../routes.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { carrierOf, conditionOf, destinationOf, keyOf, writtenCarrier, WrittenCarrier, writtenCondition, WrittenCondition, writtenDestination, WrittenDestination } from './references.ts';

/* Line groups, inbound and outbound routes. */

const { hunt, fromTheEnd, tariff } = LineGroupSettings.shape;
const WrittenLineGroup = z.strictObject({
  displayName: DisplayName,
  lines: z.array(keyOf('a line')).min(1).max(256).readonly().meta({ description: 'In the order in which the telephone company hunts for a free one' }),
  ...leavingOut({ hunt, fromTheEnd, tariff }, { ...usual.lineGroup, tariff: null }),
});

export const lineGroupForm: Form<'lineGroup', typeof WrittenLineGroup> = {
  schema: WrittenLineGroup,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, lines, hunt, fromTheEnd, tariff }, to) => ({ displayName, lines: lines.map((id) => to.key('line', id)), hunt, fromTheEnd, tariff }),
  read: ({ displayName, lines, ...rest }, from) => ({ displayName: displayName ?? nameOf(from.key), lines: lines.map((key, at) => from.id('line', key, `/lines/${at}`)), ...rest }),
};

const Condition = WrittenCondition.nullable().default(null);

const inbound = InboundRouteSettings.shape;
const { called, callers: calling, anonymous } = inbound.match.unwrap().shape;
const WrittenInboundRoute = z.strictObject({
  displayName: DisplayName,
  ...leavingOut({ position: inbound.position, isEnabled: inbound.isEnabled }, { position: usual.inboundRoute.position, isEnabled: usual.inboundRoute.isEnabled }),
  match: z
    .strictObject({
      via: z.array(WrittenCarrier).max(256).readonly().default([]).meta({ description: 'It came in by one of these' }),
      ...leavingOut({ called, callers: calling, anonymous }, { called: [], callers: [], anonymous: null }),
      schedule: Condition,
    })
    .readonly()
    .prefault({})
    .meta({ description: 'Of what is left out, anything fits' }),
  destination: WrittenDestination,
  ...leavingOut({ callerNamePrefix: inbound.callerNamePrefix }, { callerNamePrefix: null }),
});

export const inboundRouteForm: Form<'inboundRoute', typeof WrittenInboundRoute> = {
  schema: WrittenInboundRoute,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, position, isEnabled, match: { via, called, callers, anonymous, schedule }, destination, callerNamePrefix }, to) => ({
    displayName, position, isEnabled,
    match: { via: via.map((carrier) => writtenCarrier(carrier, to)), called, callers, anonymous, schedule: schedule && writtenCondition(schedule, to) },
    destination: writtenDestination(destination, to),
    callerNamePrefix,
  }),
  read: ({ displayName, match: { via, schedule, ...match }, destination, ...rest }, from) => ({
    displayName: displayName ?? nameOf(from.key),
    ...rest,
    match: { via: via.map((carrier, at) => carrierOf(carrier, `/match/via/${at}`, from)), ...match, schedule: schedule && conditionOf(schedule, '/match/schedule', from) },
    destination: destinationOf(destination, '/destination', from),
  }),
};

const outbound = OutboundRouteSettings.shape;
const { prefix, numbers, classes } = outbound.match.unwrap().shape;
const WrittenNumberForm = z.strictObject(leavingOut(NumberForm.unwrap().shape, { strip: 0, prepend: '' })).readonly();
const WrittenOutboundRoute = z.strictObject({
  displayName: DisplayName,
  ...leavingOut({ position: outbound.position, isEnabled: outbound.isEnabled }, { position: usual.outboundRoute.position, isEnabled: usual.outboundRoute.isEnabled }),
  match: z
    .strictObject({
      ...leavingOut({ prefix, numbers, classes }, { prefix: '', numbers: [], classes: [] }),
      callers: z.array(keyOf('an extension')).max(10_000).readonly().default([]).meta({ description: 'Extensions that it is for' }),
      schedule: Condition,
    })
    .readonly()
    .prefault({})
    .meta({ description: 'Of what is left out, anything fits' }),
  pinSet: keyOf('a PIN set').nullable().default(null).meta({ description: 'The caller is asked for a PIN of this set' }),
  ...leavingOut({ order: outbound.order }, { order: usual.outboundRoute.order }),
  attempts: z
    .array(z.strictObject({ via: WrittenCarrier, number: WrittenNumberForm.nullable().default(null), ...leavingOut({ shown: OutboundAttempt.unwrap().shape.shown }, { shown: null }) }).readonly())
    .max(50)
    .readonly()
    .meta({ description: 'Tried one after the other; none: these numbers may not be called' }),
});

export const outboundRouteForm: Form<'outboundRoute', typeof WrittenOutboundRoute> = {
  schema: WrittenOutboundRoute,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, position, isEnabled, match: { prefix, numbers, classes, callers, schedule }, pinSetId, order, attempts }, to) => ({
    displayName, position, isEnabled,
    match: { prefix, numbers, classes, callers: callers.map((id) => to.key('extension', id)), schedule: schedule && writtenCondition(schedule, to) },
    pinSet: pinSetId && to.key('pinSet', pinSetId),
    order,
    attempts: attempts.map(({ via, number, shown }) => ({ via: writtenCarrier(via, to), number, shown })),
  }),
  read: ({ displayName, match: { callers, schedule, ...match }, pinSet, attempts, ...rest }, from) => ({
    displayName: displayName ?? nameOf(from.key),
    ...rest,
    match: {
      ...match,
      callers: callers.map((key, at) => from.id('extension', key, `/match/callers/${at}`)),
      schedule: schedule && conditionOf(schedule, '/match/schedule', from),
    },
    pinSetId: pinSet && from.id('pinSet', pinSet, '/pinSet'),
    attempts: attempts.map(({ via, ...attempt }, at) => ({ via: carrierOf(via, `/attempts/${at}/via`, from), ...attempt })),
  }),
};
