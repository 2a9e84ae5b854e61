import { z } from 'zod';
import { BlocklistSettings, EmergencyLocationSettings, PermissionSettings, PinSetSettings } from '../calling.ts';
import { ScheduleSettings } from '../schedule.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf, WrittenSecret } from './form.ts';
import { leavingOut } from './leaving-out.ts';

/* Permissions, PIN sets, schedules, block lists and emergency locations: they refer to nothing. */

const named = (key: string) => ({ displayName: nameOf(key) });

const { key: _1, displayName: _2, ...permission } = PermissionSettings.shape;
const WrittenPermission = z.strictObject({ displayName: DisplayName, ...leavingOut(permission, { ...usual.permission, countries: null }) });

export const permissionForm: Form<'permission', typeof WrittenPermission> = {
  schema: WrittenPermission,
  usual: named,
  write: ({ displayName, classes, countries, allowed, denied }) => ({ displayName, classes, countries, allowed, denied }),
  read: ({ displayName, ...rest }, { key }) => ({ displayName: displayName ?? nameOf(key), ...rest }),
};

const { label, pin } = PinSetSettings.shape.pins.unwrap().element.unwrap().shape;
const WrittenPinSet = z.strictObject({
  displayName: DisplayName,
  pins: z.array(z.strictObject({ label, pin: WrittenSecret }).readonly()).min(1).max(1_000).readonly(),
});

export const pinSetForm: Form<'pinSet', typeof WrittenPinSet> = {
  schema: WrittenPinSet,
  usual: named,
  write: ({ displayName, pins }, to) => ({ displayName, pins: pins.map(({ label, pin }) => ({ label, pin: to.secret(pin, 'pin') })) }),
  read: ({ displayName, pins }, from) => ({
    displayName: displayName ?? nameOf(from.key),
    pins: pins.map((one, at) => {
      const kept = from.current?.pins.find(({ label }) => label === one.label)?.pin;
      return { label: one.label, pin: from.secret(one.pin, 'pin', pin, kept, `/pins/${at}/pin`) };
    }),
  }),
};

const { key: _3, displayName: _4, week, holidays, timeZone, override } = ScheduleSettings.shape;
const { to, ...holiday } = holidays.unwrap().element.unwrap().shape;
const WrittenSchedule = z.strictObject({
  displayName: DisplayName,
  timeZone: timeZone.optional().meta({ description: 'Left out: the site’s' }),
  ...leavingOut({ week }, { week: usual.schedule.week }),
  holidays: z
    .array(
      z.strictObject({ name: holiday.name, from: holiday.from, to: to.optional().meta({ description: 'Its last day; left out: it is one day' }), ...leavingOut({ everyYear: holiday.everyYear, hours: holiday.hours }, { everyYear: false, hours: [] }) }).readonly(),
    )
    .max(1_000)
    .readonly()
    .default(usual.schedule.holidays),
  ...leavingOut({ override }, { override: null }),
});

export const scheduleForm: Form<'schedule', typeof WrittenSchedule> = {
  schema: WrittenSchedule,
  usual: (key, site) => ({ displayName: nameOf(key), timeZone: site.timeZone }),
  write: ({ displayName, timeZone, week, holidays, override }) => ({
    displayName, timeZone, week, holidays: holidays.map(({ name, from, to, everyYear, hours }) => ({ name, from, ...(to === from ? {} : { to }), everyYear, hours })), override,
  }),
  read: ({ displayName, timeZone, holidays, ...rest }, { key, site }) => ({
    displayName: displayName ?? nameOf(key), timeZone: timeZone ?? site.timeZone, holidays: holidays.map((one) => ({ ...one, to: one.to ?? one.from })), ...rest,
  }),
};

const { key: _5, displayName: _6, ...blocklist } = BlocklistSettings.shape;
const WrittenBlocklist = z.strictObject({ displayName: DisplayName, ...leavingOut(blocklist, usual.blocklist) });

export const blocklistForm: Form<'blocklist', typeof WrittenBlocklist> = {
  schema: WrittenBlocklist,
  usual: named,
  write: ({ displayName, isEnabled, direction, numbers, anonymous, as }) => ({ displayName, isEnabled, direction, numbers, anonymous, as }),
  read: ({ displayName, ...rest }, { key }) => ({ displayName: displayName ?? nameOf(key), ...rest }),
};

const { address, callbackNumber } = EmergencyLocationSettings.shape;
const WrittenLocation = z.strictObject({ displayName: DisplayName, address, ...leavingOut({ callbackNumber }, { callbackNumber: null }) });

export const emergencyLocationForm: Form<'emergencyLocation', typeof WrittenLocation> = {
  schema: WrittenLocation,
  usual: named,
  write: ({ displayName, address, callbackNumber }) => ({ displayName, address, callbackNumber }),
  read: ({ displayName, ...rest }, { key }) => ({ displayName: displayName ?? nameOf(key), ...rest }),
};
