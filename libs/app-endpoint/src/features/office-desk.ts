import type { Feature } from '@tipring/config';
import type { Said } from '@tipring/prompts';
import type { Party } from '@tipring/telephony';
import type { Changed, ExtensionPatch } from '../office-changes.ts';
import { callsBack, monitors, parks, picksUp, retrieves } from './call-features.ts';
import type { FeatureAnswer, FeatureAsk, FeatureDesk } from './feature.ts';
import { type FeatureCaller, type OfficeDeskPorts, refusal } from './feature-caller.ts';
import { patchOf } from './setting-features.ts';

/** Does what people dial codes for. */
export class OfficeDesk implements FeatureDesk {
  readonly #ports: OfficeDeskPorts;

  constructor(ports: OfficeDeskPorts) {
    this.#ports = ports;
  }

  asksFor(feature: Feature, { number }: Party): 'number' | 'time' | null {
    if (feature === 'wakeUp') return 'time';
    if (feature === 'forwardAlways' || feature === 'forwardBusy' || feature === 'forwardNoAnswer' || feature === 'forwardUnreachable') return 'number';
    if (feature !== 'blockCaller' && feature !== 'unblockCaller') return null;
    const extension = this.#ports.snapshot().extensionByNumber(number);
    return extension !== undefined && this.#ports.lastCallers.of(extension.id) === undefined ? 'number' : null;
  }

  perform(ask: FeatureAsk, answer: (answer: FeatureAnswer) => void): void {
    const extension = this.#ports.snapshot().extensionByNumber(ask.from.number);
    // Only telephones of ours have settings and groups.
    if (extension === undefined) return answer(refusal({ phrase: 'common.notAllowed' }));
    const caller: FeatureCaller = { extension, ask, ports: this.#ports };
    switch (ask.feature) {
      case 'pickup':
      case 'pickupGroup':
        return answer(picksUp(caller));
      case 'park':
        return answer(parks(caller, null));
      case 'retrieve':
        return answer(retrieves(caller));
      case 'listen':
      case 'whisper':
      case 'barge':
        return answer(monitors(caller, ask.feature));
      case 'callBack':
      case 'callBackOff':
        return answer(callsBack(caller));
      case 'queueLogIn':
      case 'queueLogOut':
      case 'queuePause':
      case 'queueResume':
        return answer(changesQueue(caller, ask.feature));
      default: {
        const setting = patchOf(caller);
        if (setting === null) return answer(refusal({ phrase: 'common.unavailable' }));
        if ('then' in setting) return answer(setting);
        return this.#change(extension.id, setting.patch, setting.said, answer);
      }
    }
  }

  #change(id: string, patch: ExtensionPatch, said: readonly Said[], answer: (answer: FeatureAnswer) => void): void {
    this.#ports.changes.changeExtension(id, patch, (changed: Changed) => answer(changed.ok ? { said, then: 'over' } : refusal({ phrase: changed.why === 'invalid' ? 'common.notAllowed' : 'common.failed' })));
  }
}

function changesQueue({ extension, ask, ports }: FeatureCaller, feature: keyof typeof queueWords): FeatureAnswer {
  const destination = ask.argument === '' ? null : ports.snapshot().destinationByNumber(ask.argument)?.destination;
  if (destination !== null && destination?.type !== 'queue') return refusal({ phrase: 'feature.noQueue' });
  const { to, phrase } = queueWords[feature];
  return ports.queues.change(extension.id, destination?.id ?? null, to) ? { said: [{ phrase }], then: 'over' } : refusal({ phrase: 'feature.noQueue' });
}

const queueWords = {
  queueLogIn: { to: 'loggedIn', phrase: 'feature.queueLogin' },
  queueLogOut: { to: 'loggedOut', phrase: 'feature.queueLogout' },
  queuePause: { to: 'paused', phrase: 'feature.queuePause' },
  queueResume: { to: 'resumed', phrase: 'feature.queueResume' },
} as const;
