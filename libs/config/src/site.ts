import { z } from 'zod';
import { RegionCode } from './analog-port.ts';
import { OpaqueId } from './identity.ts';
import { E164 } from './numbers.ts';
import { TimeZone } from './schedule.ts';

/** Where the office is: how its numbers are read. */
export const Site = z
  .strictObject({
    country: RegionCode.meta({ description: 'Numbers are read as they are dialled there' }),
    timeZone: TimeZone,
    areaCode: z.string().regex(/^[0-9]{1,6}$/).nullable().meta({ description: 'Put before numbers that are dialled without one, where the country knows such' }),
    outsidePrefix: z.string().regex(/^[0-9*#]{0,6}$/).meta({ description: 'What people dial before numbers outside; emergency numbers are known behind it and without it' }),
    mainNumber: E164.nullable().meta({ description: 'Shown outside where nothing else is said' }),
    permissionId: OpaqueId.nullable().meta({ description: 'For extensions that have none of their own; null: all but premium, satellite and unknown numbers' }),
  })
  .readonly();
export type Site = z.infer<typeof Site>;

/** How emergency numbers are called. Nothing that is set anywhere can keep them from being called. */
export const EmergencyPolicy = z
  .strictObject({
    path: z.enum(['analogFirst', 'trunkFirst']).meta({ description: 'analogFirst: trunks are tried when no line is healthy or none gets through' }),
    numbers: z.array(z.string().regex(/^[0-9]{2,6}$/)).max(50).readonly().meta({ description: 'Beside those of the country' }),
    testNumbers: z.array(z.string().regex(/^[0-9]{2,6}$/)).max(20).readonly().meta({ description: 'Routed alike, pre-empt nobody; 933 in the US' }),
    preempts: z.boolean().meta({ description: 'When all lines are busy, one of them is taken from its talkers, who hear a tone' }),
    locationId: OpaqueId.nullable().meta({ description: 'For extensions that have none of their own' }),
    webhooks: z.array(z.url({ protocol: /^https?$/ })).max(10).readonly().meta({ description: 'Told, after the call was launched, who calls and from where' }),
  })
  .readonly();
export type EmergencyPolicy = z.infer<typeof EmergencyPolicy>;

const limit = (most: number, description: string) => z.number().min(0).max(most).nullable().meta({ description: `${description}; null: no limit` });

/** What one extension may call outside before it is stopped. Emergency calls neither count nor are stopped. */
export const FraudLimits = z
  .strictObject({
    concurrent: limit(1_000, 'Calls outside at a time'),
    callsPerHour: limit(100_000, 'Calls outside within an hour'),
    costlyPerHour: limit(100_000, 'Of these, to international, premium, satellite and shared-cost numbers'),
    spendPerDay: limit(1_000_000, 'Of the tariff’s currency, within 24 hours'),
  })
  .readonly();
export type FraudLimits = z.infer<typeof FraudLimits>;

export const firstSite: Site = { country: 'US', timeZone: 'America/New_York', areaCode: null, outsidePrefix: '9', mainNumber: null, permissionId: null };
export const firstEmergencyPolicy: EmergencyPolicy = { path: 'analogFirst', numbers: [], testNumbers: [], preempts: true, locationId: null, webhooks: [] };
export const firstFraudLimits: FraudLimits = { concurrent: 10, callsPerHour: 120, costlyPerHour: 30, spendPerDay: null };
