import type { RingGroup, RingTarget } from '@tipring/config';
import type { Call } from '../call.ts';

type Member = RingGroup['members'][number];

/** Members that can ring now, in the order in which they do. Who is passed over is told. */
export function membersInOrder(group: RingGroup, members: readonly Member[], call: Call): readonly Member[] {
  return ordered(group, members, call).filter(({ target }) => canRing(group, target, call));
}

function ordered({ id, strategy }: RingGroup, members: readonly Member[], { state }: Call): readonly Member[] {
  switch (strategy) {
    case 'all':
    case 'linear':
      return members;
    case 'roundRobin': {
      const last = state.lastTaken(id);
      const next = members.findIndex(({ target }) => nameOf(target) === last) + 1;
      return [...members.slice(next), ...members.slice(0, next)];
    }
    case 'leastRecent': {
      const ranked = members.map((member) => ({ member, rank: member.target.type === 'extension' ? (state.lastCallEnded(member.target.id) ?? -Infinity) : -Infinity }));
      return ranked.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0)).map(({ member }) => member);
    }
  }
}

function canRing({ id, key, skipsBusy }: RingGroup, target: RingTarget, { office, state, trace }: Call): boolean {
  const extension = target.type === 'extension' ? office.snapshot.extensions.get(target.id) : office.snapshot.extensionByNumber(target.number);
  if (extension === undefined) return target.type === 'number';
  const { number, isDoNotDisturb, isCallWaiting } = extension;
  const now = state.extensionState(extension.id);
  const isBusy = (skipsBusy || !isCallWaiting) && (now === 'busy' || now === 'ringing');
  if (!isDoNotDisturb && !isBusy) return true;
  trace.tell({ kind: 'ringGroup', id, key }, 'passed', isDoNotDisturb ? 'doNotDisturb' : 'memberBusy', isDoNotDisturb ? `${number} is not to be disturbed, and does not ring` : `${number} is in a call, and does not ring`);
  return false;
}

/** As `RoutingState.lastTaken` has it of a ring group. */
export function nameOf(target: RingTarget): string {
  return target.type === 'extension' ? target.id : target.number;
}
