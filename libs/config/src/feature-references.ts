import type { Destination } from './destination.ts';
import type { Kind, RowOf } from './kinds.ts';

/** Told of each reference of a row; null and undefined are none. */
export type Refer = (kind: Kind, id: string | null | undefined, pointer: string) => void;
export type ReferDestination = (destination: Destination | null, pointer: string) => void;

type References<Of extends Kind> = (row: RowOf<Of>, pointer: string, refer: Refer, referDestination: ReferDestination) => void;

/** What extensions and what people are connected to refer to. */
export const referencesOf: { readonly [Of in Kind]?: References<Of> } = {
  extension({ calling, forwarding, followMe, voicemailBoxId, supervises }, pointer, refer, referDestination) {
    refer('permission', calling?.permissionId, `${pointer}/calling/permissionId`);
    refer('emergencyLocation', calling?.locationId, `${pointer}/calling/locationId`);
    for (const when of ['always', 'busy', 'noAnswer', 'unreachable'] as const) referDestination(forwarding[when], `${pointer}/forwarding/${when}`);
    followMe.steps.forEach(({ target }, at) => referDestination(target, `${pointer}/followMe/steps/${at}/target`));
    refer('voicemailBox', voicemailBoxId, `${pointer}/voicemailBoxId`);
    supervises.forEach((id, at) => refer('extension', id, `${pointer}/supervises/${at}`));
  },
  voicemailBox({ greetingId, operator }, pointer, refer, referDestination) {
    refer('prompt', greetingId, `${pointer}/greetingId`);
    referDestination(operator, `${pointer}/operator`);
  },
  ringGroup({ members, otherwise }, pointer, _refer, referDestination) {
    members.forEach(({ target }, at) => referDestination(target, `${pointer}/members/${at}/target`));
    referDestination(otherwise, `${pointer}/otherwise`);
  },
  queue({ agents, overflow, musicClassId, greetingId, announcement }, pointer, refer, referDestination) {
    agents.forEach(({ extensionId }, at) => refer('extension', extensionId, `${pointer}/agents/${at}/extensionId`));
    referDestination(overflow, `${pointer}/overflow`);
    refer('musicClass', musicClassId, `${pointer}/musicClassId`);
    refer('prompt', greetingId, `${pointer}/greetingId`);
    refer('prompt', announcement.promptId, `${pointer}/announcement/promptId`);
  },
  ivr({ unless, promptId, choices, invalidPromptId, onSilence, onInvalid }, pointer, refer, referDestination) {
    unless.forEach(({ schedule, destination }, at) => {
      refer('schedule', schedule.scheduleId, `${pointer}/unless/${at}/schedule/scheduleId`);
      referDestination(destination, `${pointer}/unless/${at}/destination`);
    });
    refer('prompt', promptId, `${pointer}/promptId`);
    choices.forEach(({ destination }, at) => referDestination(destination, `${pointer}/choices/${at}/destination`));
    refer('prompt', invalidPromptId, `${pointer}/invalidPromptId`);
    referDestination(onSilence, `${pointer}/onSilence`);
    referDestination(onInvalid, `${pointer}/onInvalid`);
  },
  conference({ musicClassId }, pointer, refer) {
    refer('musicClass', musicClassId, `${pointer}/musicClassId`);
  },
  parkingLot({ otherwise, musicClassId }, pointer, refer, referDestination) {
    referDestination(otherwise, `${pointer}/otherwise`);
    refer('musicClass', musicClassId, `${pointer}/musicClassId`);
  },
  pagingZone({ extensions, promptId }, pointer, refer) {
    extensions.forEach((id, at) => refer('extension', id, `${pointer}/extensions/${at}`));
    refer('prompt', promptId, `${pointer}/promptId`);
  },
  directory({ extensions }, pointer, refer) {
    extensions?.forEach((id, at) => refer('extension', id, `${pointer}/extensions/${at}`));
  },
};
