import type { Extension, VoicemailBox } from '@tipring/config';

/** What came of a change. `invalid`: what was asked for cannot be; `failed`: it could not be kept now. */
export type Changed = { readonly ok: true } | { readonly ok: false; readonly why: 'notFound' | 'invalid' | 'failed'; readonly text: string };

export type ExtensionPatch = Partial<Pick<Extension, 'forwarding' | 'followMe' | 'isDoNotDisturb' | 'isCallWaiting' | 'callers' | 'calling' | 'wakeUps'>>;

/** Port. The configuration, as far as people change it by telephone. Does not wait; `done` is called once. Never throws. */
export interface OfficeChanges {
  changeExtension(id: string, patch: ExtensionPatch, done: (changed: Changed) => void): void;
  changeVoicemailBox(id: string, patch: Partial<Pick<VoicemailBox, 'pin'>>, done: (changed: Changed) => void): void;
}
