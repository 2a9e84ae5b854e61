import { FirstTables20261122000000 } from './20261122-first-tables.ts';
import { Analog20261123000000 } from './20261123-analog.ts';
import { Routing20261124000000 } from './20261124-routing.ts';
import { CallAttempts20261125000000 } from './20261125-call-attempts.ts';
import { CallLadders20261126000000 } from './20261126-call-ladders.ts';
import { Drills20261127000000 } from './20261127-drills.ts';
import { Revisions20261128000000 } from './20261128-revisions.ts';
import { OutsidePrefixes20261129000000 } from './20261129-outside-prefixes.ts';
import { CallSegments20261130000000 } from './20261130-call-segments.ts';
import { Features20261201000000 } from './20261201-features.ts';
import { Messages20261202000000 } from './20261202-messages.ts';
import { Recordings20261203000000 } from './20261203-recordings.ts';
import { WebhookDeliveries20261204000000 } from './20261204-webhook-deliveries.ts';

/** In the order they run. A released migration is never edited: the next one puts it right. */
export const migrations = [
  FirstTables20261122000000, Analog20261123000000, Routing20261124000000, CallAttempts20261125000000, CallLadders20261126000000, Drills20261127000000, Revisions20261128000000,
  OutsidePrefixes20261129000000, CallSegments20261130000000, Features20261201000000, Messages20261202000000, Recordings20261203000000, WebhookDeliveries20261204000000,
] as const;
