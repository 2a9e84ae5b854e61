import { Body, Controller, Headers, Inject, Res } from '@nestjs/common';
import { CallLimits, EmergencyPolicy, FraudLimits, GuardLimits, RegistrationBounds, rowsOf, Site, SystemSettings } from '@tipring/config';
import { type Author, LiveConfiguration } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { Operation } from './operation.ts';

const SettingsRepresentation = z.object(SystemSettings.shape).meta({ id: 'Settings', description: 'What holds for the whole system' });

/** RFC 7396, two levels deep. The realm is not in it: every password's hash is made with it. */
const SettingsChange = z
  .strictObject({
    sip: RegistrationBounds.partial().optional(),
    guard: GuardLimits.partial().optional(),
    calls: CallLimits.partial().optional(),
    site: Site.unwrap().partial().optional(),
    emergency: EmergencyPolicy.unwrap().partial().optional(),
    fraud: FraudLimits.unwrap().partial().optional(),
  })
  .meta({ id: 'SettingsChange' });

@Controller('api/v1/settings')
export class SettingsController {
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'getSettings', summary: 'What holds for the whole system', scope: 'read', status: 200, response: SettingsRepresentation, etag: true })
  get(@Res({ passthrough: true }) reply: FastifyReply): SystemSettings {
    const { settings } = this.#configuration.snapshot;
    return withEtag(reply, settings, settings);
  }

  @Operation({
    method: 'PATCH', path: '', id: 'changeSettings', summary: 'Change what holds for the whole system',
    description: 'JSON merge patch (RFC 7396). In force with the next message; what is registered or blocked already stays as it is. `sip.realm` cannot be changed.',
    scope: 'write', status: 200, response: SettingsRepresentation, ifMatch: true, etag: true, problems: ['contradiction', 'danglingReference'],
  })
  async patch(
    @Body({ schema: SettingsChange }) body: z.infer<typeof SettingsChange>,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SystemSettings> {
    const after = await change(
      this.#configuration,
      (snapshot) => {
        const { settings } = snapshot;
        requireMatch(ifMatch, settings);
        const { sip, guard, calls, site, emergency, fraud } = settings;
        const parts = {
          sip: { ...sip, ...body.sip }, guard: { ...guard, ...body.guard }, calls: { ...calls, ...body.calls },
          site: { ...site, ...body.site }, emergency: { ...emergency, ...body.emergency }, fraud: { ...fraud, ...body.fraud },
        };
        return { ...rowsOf(snapshot), settings: changed(settings, parts, new Date()) };
      },
      caller,
    );
    return withEtag(reply, after.settings, after.settings);
  }
}
