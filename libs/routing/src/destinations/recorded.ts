import type { Extension } from '@tipring/config';
import type { RouteFeatures } from '@tipring/telephony';
import type { Call } from '../call.ts';

/** What a call is to have besides, by the site’s policy and by what those want who may talk in it. Undefined: nothing. */
export function featuresOf(direction: 'internal' | 'inbound' | 'outbound', called: readonly Pick<Extension, 'record' | 'key' | 'number'>[], { talker, office, trace }: Call): RouteFeatures | undefined {
  const { calls } = office.snapshot.settings.recording;
  const parties = talker.is === 'extension' ? [talker.extension, ...called] : called;
  const wants = parties.find(({ record }) => record === 'always');
  const why = calls === 'all' || (calls === 'outside' && direction !== 'internal') ? `the site records ${calls === 'all' ? 'all calls' : 'calls with somebody outside'}` : calls === 'asExtensionsSay' && wants !== undefined ? `${wants.number} records all its calls` : undefined;
  if (why === undefined) return undefined;
  trace.tell({ kind: 'recording', id: null, key: calls }, 'applied', 'recorded', why);
  return recorded;
}

const recorded: RouteFeatures = Object.freeze({ record: true });
