import { Inject, Injectable } from '@nestjs/common';
import { LiveConfiguration } from '@tipring/store';
import type { CallControl, CallId, OriginateRequest, Party } from '@tipring/telephony';
import { z } from 'zod';
import { CALLS } from './ports.ts';
import { refuse } from './problem.ts';

export const PhoneName = z.string().min(1).max(80).meta({ description: 'A device or a station: its id', examples: ['dev_0mzq3v8k1r9c5t7w2x4y'] });

/** Phones that ring because somebody asked for it by the API. */
@Injectable()
export class Phones {
  readonly #calls: CallControl;
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(CALLS) calls: CallControl, @Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#calls = calls;
    this.#configuration = configuration;
  }

  /** In whose name it calls. @param pointer where the request names it */
  ownerOf(phone: string, pointer: string): Party {
    const { devices, stations, extensions } = this.#configuration.snapshot;
    const found = devices.get(phone) ?? stations.get(phone);
    const extension = found === undefined ? undefined : extensions.get(found.extensionId);
    if (extension === undefined) return refuse('danglingReference', 'There is no device and no station with this id. GET /api/v1/devices and /api/v1/stations list them.', pointer);
    return { number: extension.number, name: extension.displayName };
  }

  /** It rings, showing who calls there; when it answers it comes into that call. @returns the id of its own call */
  rings(phone: string, pointer: string, from: Party, to: string, intoCall: NonNullable<OriginateRequest['intoCall']>): CallId {
    const owner = this.ownerOf(phone, pointer);
    const id = this.#calls.originate({ from: phone, party: owner, to: from.anonymous === true || from.number === '' ? to : from.number, intoCall });
    return this.#calls.call(id)?.id ?? refuse('callFailed', `It was over at once; why is told by /api/v1/call-records/${id}.`);
  }
}
