import { z } from 'zod';
import { type Kind, kindNames, kinds } from '../kinds.ts';
import { StableKey } from '../identity.ts';
import { conferenceForm, directoryForm, ivrForm, parkingLotForm, voicemailBoxForm } from './application-forms.ts';
import { blocklistForm, emergencyLocationForm, permissionForm, pinSetForm, scheduleForm } from './calling-forms.ts';
import type { Form } from './form.ts';
import { queueForm, ringGroupForm } from './group-forms.ts';
import { deviceForm, extensionForm, lineForm, stationForm } from './office-forms.ts';
import { inboundRouteForm, lineGroupForm, outboundRouteForm } from './route-forms.ts';
import { WrittenSettings } from './settings-form.ts';
import { musicClassForm, pagingZoneForm, promptForm } from './sound-forms.ts';
import { trunkForm } from './trunk-form.ts';
import { webhookForm } from './webhook-form.ts';

const forms = {
  permission: permissionForm,
  pinSet: pinSetForm,
  schedule: scheduleForm,
  blocklist: blocklistForm,
  emergencyLocation: emergencyLocationForm,
  musicClass: musicClassForm,
  prompt: promptForm,
  voicemailBox: voicemailBoxForm,
  extension: extensionForm,
  device: deviceForm,
  station: stationForm,
  ringGroup: ringGroupForm,
  queue: queueForm,
  ivr: ivrForm,
  conference: conferenceForm,
  parkingLot: parkingLotForm,
  pagingZone: pagingZoneForm,
  directory: directoryForm,
  line: lineForm,
  lineGroup: lineGroupForm,
  trunk: trunkForm,
  inboundRoute: inboundRouteForm,
  outboundRoute: outboundRouteForm,
  webhook: webhookForm,
} as const satisfies { readonly [Of in Kind]: object };

export function formOf<Of extends Kind>(kind: Of): Form<Of> {
  return forms[kind] as unknown as Form<Of>;
}

/** Counts the changes that a reader of older documents must know of. */
export const documentVersion = 1;

type Objects = { readonly [Of in Kind as (typeof kinds)[Of]['rows']]: z.ZodOptional<z.ZodRecord<typeof StableKey, (typeof forms)[Of]['schema']>> };

const objects = Object.fromEntries(kindNames.map((kind) => [kinds[kind].rows, z.record(StableKey, formOf(kind).schema).optional().meta({ description: `By key. Left out: there are none` })])) as unknown as Objects;

/** All that is configured, as people write it: of each kind a map by key, references by key, ids nowhere. What is left out is what is usual, not what it was before. */
export const ConfigurationDocument = z
  .strictObject({ version: z.literal(documentVersion).meta({ description: 'Of this form; later versions of Tipring read it too' }), settings: WrittenSettings.optional(), ...objects })
  .meta({ title: 'Tipring configuration', description: 'Everything that is configured in one document. What is left out is what is usual' });
/** As it is written: a plain JSON value. */
export type ConfigurationDocument = z.input<typeof ConfigurationDocument>;
