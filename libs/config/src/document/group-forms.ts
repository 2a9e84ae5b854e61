import { z } from 'zod';
import { QueueSettings } from '../queue.ts';
import { RingGroupSettings } from '../ring-group.ts';
import { usual } from '../usual.ts';
import { DisplayName, type Form, nameOf } from './form.ts';
import { leavingOut } from './leaving-out.ts';
import { keyOf, mayDestinationOf, MayWrittenDestination, targetOf, writtenDestination, WrittenTarget, writtenTarget } from './references.ts';

/* Ring groups and queues. */

const group = RingGroupSettings.shape;
const { members: usualMember, ...usualGroup } = usual.ringGroup;
const { strategy, skipsBusy, memberRingMs, ringMs, callerNamePrefix, alertInfo } = group;
const WrittenRingGroup = z.strictObject({
  ...leavingOut({ number: group.number }, { number: null }),
  displayName: DisplayName,
  members: z
    .array(z.strictObject({ target: WrittenTarget, ...leavingOut({ afterMs: group.members.unwrap().element.unwrap().shape.afterMs }, usualMember) }).readonly())
    .min(1)
    .max(100)
    .readonly()
    .meta(group.members.meta() ?? {}),
  ...leavingOut({ strategy, skipsBusy, memberRingMs, ringMs, callerNamePrefix, alertInfo }, { ...usualGroup, callerNamePrefix: null, alertInfo: null }),
  otherwise: MayWrittenDestination,
});

export const ringGroupForm: Form<'ringGroup', typeof WrittenRingGroup> = {
  schema: WrittenRingGroup,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ number, displayName, members, strategy, skipsBusy, memberRingMs, ringMs, callerNamePrefix, alertInfo, otherwise }, to) => ({
    number, displayName,
    members: members.map(({ target, afterMs }) => ({ target: writtenTarget(target, to), afterMs })),
    strategy, skipsBusy, memberRingMs, ringMs, callerNamePrefix, alertInfo,
    otherwise: otherwise && writtenDestination(otherwise, to),
  }),
  read: ({ displayName, members, otherwise, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    members: members.map(({ target, afterMs }, at) => ({ target: targetOf(target, `/members/${at}/target`, from), afterMs })),
    otherwise: mayDestinationOf(otherwise, '/otherwise', from),
  }),
};

const queue = QueueSettings.shape;
const { agents: usualAgent, announcement: usualAnnouncement, ...usualQueue } = usual.queue;
const { tier, startsLoggedIn } = queue.agents.unwrap().element.unwrap().shape;
const { everyMs, position } = queue.announcement.unwrap().shape;
const { strategy: order, agentRingMs, retryMs, wrapUpMs, mostWaiting, longestWaitMs, withoutAgents, record, language } = queue;
const WrittenQueue = z.strictObject({
  ...leavingOut({ number: queue.number }, { number: null }),
  displayName: DisplayName,
  agents: z.array(z.strictObject({ extension: keyOf('an extension'), ...leavingOut({ tier, startsLoggedIn }, usualAgent) }).readonly()).max(500).readonly().default([]),
  ...leavingOut({ strategy: order, agentRingMs, retryMs, wrapUpMs, mostWaiting, longestWaitMs, withoutAgents }, { ...usualQueue, mostWaiting: null, longestWaitMs: null }),
  overflow: MayWrittenDestination,
  musicClass: keyOf('a class of music').nullable().default(null),
  greeting: keyOf('a prompt').nullable().default(null).meta({ description: 'A prompt that is played first' }),
  announcement: z
    .strictObject({ ...leavingOut({ everyMs, position }, { everyMs: null, position: usualAnnouncement.position }), prompt: keyOf('a prompt').nullable().default(null) })
    .readonly()
    .prefault({}),
  ...leavingOut({ callerNamePrefix: queue.callerNamePrefix, record, language }, { callerNamePrefix: null, record: usualQueue.record, language: null }),
});

export const queueForm: Form<'queue', typeof WrittenQueue> = {
  schema: WrittenQueue,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ id: _id, key: _key, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, agents, overflow, musicClassId, greetingId, announcement, ...rest }, to) => ({
    ...rest,
    agents: agents.map(({ extensionId, ...agent }) => ({ extension: to.key('extension', extensionId), ...agent })),
    overflow: overflow && writtenDestination(overflow, to),
    musicClass: musicClassId && to.key('musicClass', musicClassId),
    greeting: greetingId && to.key('prompt', greetingId),
    announcement: { everyMs: announcement.everyMs, position: announcement.position, prompt: announcement.promptId && to.key('prompt', announcement.promptId) },
  }),
  read: ({ displayName, agents, overflow, musicClass, greeting, announcement: { prompt, ...announcement }, ...rest }, from) => ({
    ...rest,
    displayName: displayName ?? nameOf(from.key),
    agents: agents.map(({ extension, ...agent }, at) => ({ extensionId: from.id('extension', extension, `/agents/${at}/extension`), ...agent })),
    overflow: mayDestinationOf(overflow, '/overflow', from),
    musicClassId: musicClass && from.id('musicClass', musicClass, '/musicClass'),
    greetingId: greeting && from.id('prompt', greeting, '/greeting'),
    announcement: { ...announcement, promptId: prompt && from.id('prompt', prompt, '/announcement/prompt') },
  }),
};
