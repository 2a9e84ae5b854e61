/** What can be counted aloud. */
export type NounId = 'messages' | 'newMessages' | 'savedMessages' | 'urgentMessages' | 'callers' | 'participants' | 'matches' | 'hours' | 'minutes' | 'seconds';

/** How it stands behind none, one and several; what goes with several is said after the number, the other two are whole. */
export interface Noun {
  readonly none: string;
  readonly one: string;
  readonly several: string;
  readonly gender: 'masculine' | 'feminine' | 'neuter';
}

export type Nouns = Readonly<Record<NounId, Noun>>;
