import { z } from 'zod';

export const FeatureCode = z.string().regex(/^[*#][0-9*#]{1,5}$/, '* or #, and one to five digits, * or #');

const code = (description: string) => FeatureCode.nullable().meta({ description: `${description}; null: it cannot be dialled` });

/** What is dialled to have something done. */
export const FeatureCodes = z
  .strictObject({
    voicemail: code('Hears the messages of one’s own box'),
    voicemailOf: code('Hears the messages of a box, whose number is dialled behind it or asked for'),
    leaveMessage: code('Leaves a message for the extension whose number is dialled behind it, which does not ring'),
    forwardAlways: code('Forwards all calls to the number that is dialled behind it or asked for'),
    forwardAlwaysOff: code('Ends that'),
    forwardBusy: code('The same for calls while one is busy'),
    forwardBusyOff: code('Ends that'),
    forwardNoAnswer: code('The same for calls that nobody answers'),
    forwardNoAnswerOff: code('Ends that'),
    forwardUnreachable: code('The same for calls while no telephone is there'),
    forwardUnreachableOff: code('Ends that'),
    followMe: code('Lets the other telephones ring too'),
    followMeOff: code('Ends that'),
    doNotDisturb: code('Lets nothing ring'),
    doNotDisturbOff: code('Ends that'),
    callWaiting: code('Lets a second call be heard'),
    callWaitingOff: code('Ends that'),
    blockCaller: code('Refuses the number that is dialled behind it, or the last caller'),
    unblockCaller: code('Ends that'),
    lock: code('Allows no calls but internal and emergency ones'),
    unlock: code('Ends that'),
    pickupGroup: code('Takes a call that rings in one’s group'),
    pickup: code('Takes a call that rings at the extension whose number is dialled behind it'),
    park: code('Parks a call'),
    retrieve: code('Takes the call that is parked in the slot whose number is dialled behind it'),
    intercom: code('Calls the extension whose number is dialled behind it; its telephone answers by itself'),
    callBack: code('Calls the extension whose number is dialled behind it as soon as it is free'),
    callBackOff: code('Ends that'),
    wakeUp: code('A call to wake one, at the time that is dialled behind it (0715) or asked for'),
    wakeUpOff: code('Ends all of them'),
    queueLogIn: code('Takes calls of the queue whose number is dialled behind it, or of all of one’s own'),
    queueLogOut: code('Ends that'),
    queuePause: code('Takes none for a while'),
    queueResume: code('Ends that'),
    listen: code('Hears the call of the extension whose number is dialled behind it'),
    whisper: code('The same, and is heard by that one'),
    barge: code('The same, and is heard by both'),
    directory: code('Finds people by name'),
    echoTest: code('Hears oneself'),
    milliwatt: code('Hears a tone of 1004 Hz at 0 dBm0'),
    speakingClock: code('Hears what time it is'),
  })
  .readonly();
export type FeatureCodes = z.infer<typeof FeatureCodes>;
export type Feature = keyof FeatureCodes;

/** What is dialled behind the code. `mayNumber`: a number, or nothing, and it is asked for or clear. */
export const featureArguments = {
  voicemail: 'nothing', voicemailOf: 'mayNumber', leaveMessage: 'number',
  forwardAlways: 'mayNumber', forwardAlwaysOff: 'nothing', forwardBusy: 'mayNumber', forwardBusyOff: 'nothing',
  forwardNoAnswer: 'mayNumber', forwardNoAnswerOff: 'nothing', forwardUnreachable: 'mayNumber', forwardUnreachableOff: 'nothing',
  followMe: 'nothing', followMeOff: 'nothing', doNotDisturb: 'nothing', doNotDisturbOff: 'nothing', callWaiting: 'nothing', callWaitingOff: 'nothing',
  blockCaller: 'mayNumber', unblockCaller: 'mayNumber', lock: 'nothing', unlock: 'nothing',
  pickupGroup: 'nothing', pickup: 'number', park: 'nothing', retrieve: 'number', intercom: 'number',
  callBack: 'number', callBackOff: 'nothing', wakeUp: 'mayNumber', wakeUpOff: 'nothing',
  queueLogIn: 'mayNumber', queueLogOut: 'mayNumber', queuePause: 'mayNumber', queueResume: 'mayNumber',
  listen: 'number', whisper: 'number', barge: 'number',
  directory: 'nothing', echoTest: 'nothing', milliwatt: 'nothing', speakingClock: 'nothing',
} as const satisfies { readonly [Of in Feature]: 'nothing' | 'number' | 'mayNumber' };

/** Usual in North America where there is something usual; *67 and *82 are the telephone company’s. None is the beginning of another. */
export const firstFeatureCodes: FeatureCodes = {
  voicemail: '*97', voicemailOf: '*98', leaveMessage: '*99',
  forwardAlways: '*72', forwardAlwaysOff: '*73', forwardBusy: '*90', forwardBusyOff: '*91',
  forwardNoAnswer: '*92', forwardNoAnswerOff: '*93', forwardUnreachable: '*94', forwardUnreachableOff: '*95',
  followMe: '*21', followMeOff: '*22', doNotDisturb: '*78', doNotDisturbOff: '*79', callWaiting: '*71', callWaitingOff: '*70',
  blockCaller: '*32', unblockCaller: '*33', lock: '*74', unlock: '*75',
  pickupGroup: '*81', pickup: '**', park: '*68', retrieve: '*88', intercom: '*80',
  callBack: '*66', callBackOff: '*86', wakeUp: '*55', wakeUpOff: '*56',
  queueLogIn: '*45', queueLogOut: '*46', queuePause: '*47', queueResume: '*48',
  listen: '*52', whisper: '*53', barge: '*54',
  directory: '*41', echoTest: '*43', milliwatt: '*44', speakingClock: '*60',
};
