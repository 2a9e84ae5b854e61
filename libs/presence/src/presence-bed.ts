import type { CallEvent, CallView, LegView, Party } from '@tipring/telephony';
import { PresenceAgent } from './presence-agent.ts';
import type { PresenceView, WatchedEntity, WatchedId } from './watched.ts';

/** For tests: an office of two extensions (101 has a desk phone and a softphone), a station, a trunk, a parking slot and a mailbox. */
export const office: readonly WatchedEntity[] = [
  { id: 'ext_1', kind: 'extension', key: 'anna', number: '101', name: 'Anna', endpoints: ['desk', 'soft'] },
  { id: 'ext_2', kind: 'extension', key: 'ben', number: '102', name: 'Ben', endpoints: ['sta_1'] },
  { id: 'sta_1', kind: 'station', key: 'kitchen', number: null, name: 'Kitchen', endpoints: ['sta_1'] },
  { id: 'trk_1', kind: 'trunk', key: 'carrier', number: null, name: 'Carrier', endpoints: ['trk_1'] },
  { id: 'plt_1/701', kind: 'parkingSlot', key: 'lot-701', number: '701', name: 'Slot 701', endpoints: [] },
  { id: 'vmb_1', kind: 'mailbox', key: 'anna-box', number: '8101', name: 'Anna', endpoints: [] },
];

export class PresenceBed {
  now = 1_000_000;
  readonly agent = new PresenceAgent(() => this.now);
  /** Everything told, oldest first. */
  readonly told: (PresenceView | WatchedId)[] = [];

  constructor() {
    this.agent.configure(office, []);
    this.agent.observe((id, view) => this.told.push(view ?? id));
  }

  hear(call: CallView, type: 'call.legsChanged' | 'call.ended' = 'call.legsChanged'): void {
    const event: CallEvent = type === 'call.ended' ? { type, at: this.now, call, cause: 'normalClearing' } : { type, at: this.now, call };
    this.agent.hear(event);
  }

  /** What was told since, as `101 ringing early`. */
  news(): string[] {
    return this.told.splice(0).map((one) => (typeof one === 'string' ? `${one} gone` : [one.entity.number ?? one.entity.key, one.state, ...one.dialogs.map(({ state }) => state)].join(' ')));
  }
}

export function callOf(id: string, legs: readonly LegView[], more: Partial<CallView> = {}): CallView {
  return { id, state: 'trying', direction: 'internal', startedAt: 0, answeredAt: null, from: { number: '102', name: 'Ben' }, to: '101', legs, recovered: false, emergency: null, parked: null, recording: null, ...more };
}

export function leg(id: string, endpoint: string, role: LegView['role'], state: LegView['state'], party: Party = { number: '' }): LegView {
  return { id, endpoint, role, state, party, isMuted: false, reference: '', startedAt: 0, answeredAt: state === 'answered' || state === 'held' ? 1 : null };
}
