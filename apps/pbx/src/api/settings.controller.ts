import { Body, Controller, Headers, Inject, Res } from '@nestjs/common';
import { CallLimits, EmergencyPolicy, FeatureCodes, FraudLimits, GuardLimits, MailServer, RecordingPolicy, RegistrationBounds, rowsOf, Site, SystemSettings, Voice } from '@tipring/config';
import { type Author, LiveConfiguration } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { Operation } from './operation.ts';

const { credentials, ...mailServer } = MailServer.unwrap().shape;
const { username, password } = credentials.unwrap().unwrap().shape;

const MailRepresentation = z
  .object({ ...mailServer, credentials: z.object({ username, isPasswordSet: z.boolean().meta({ description: 'The password itself is told to nobody' }) }).nullable() })
  .nullable()
  .meta({ description: 'By which mail is sent; null: none is' });

const SettingsRepresentation = z.object({ ...SystemSettings.shape, mail: MailRepresentation }).meta({ id: 'Settings', description: 'What holds for the whole system' });

/** RFC 7396, two levels deep. The realm is not in it: every password's hash is made with it. */
const SettingsChange = z
  .strictObject({
    sip: RegistrationBounds.partial().optional(),
    guard: GuardLimits.partial().optional(),
    calls: CallLimits.partial().optional(),
    site: Site.unwrap().partial().optional(),
    emergency: EmergencyPolicy.unwrap().partial().optional(),
    fraud: FraudLimits.unwrap().partial().optional(),
    featureCodes: FeatureCodes.unwrap().partial().optional(),
    voice: Voice.unwrap().partial().optional(),
    recording: RecordingPolicy.unwrap().partial().optional(),
    mail: z
      .strictObject({ ...mailServer, credentials: z.strictObject({ username, password: password.optional() }).nullable() })
      .nullable()
      .optional()
      .meta({ description: 'Replaced as a whole; a password that is left out stays' }),
  })
  .meta({ id: 'SettingsChange' });

@Controller('api/v1/settings')
export class SettingsController {
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'getSettings', summary: 'What holds for the whole system', scope: 'read', status: 200, response: SettingsRepresentation, etag: true })
  get(@Res({ passthrough: true }) reply: FastifyReply): object {
    const { settings } = this.#configuration.snapshot;
    return withEtag(reply, settings, presented(settings));
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
  ): Promise<object> {
    const after = await change(
      this.#configuration,
      (snapshot) => {
        const { settings } = snapshot;
        requireMatch(ifMatch, settings);
        const { sip, guard, calls, site, emergency, fraud, featureCodes, voice, recording } = settings;
        const parts = {
          sip: { ...sip, ...body.sip }, guard: { ...guard, ...body.guard }, calls: { ...calls, ...body.calls },
          site: { ...site, ...body.site }, emergency: { ...emergency, ...body.emergency }, fraud: { ...fraud, ...body.fraud },
          featureCodes: { ...featureCodes, ...body.featureCodes }, voice: { ...voice, ...body.voice }, recording: { ...recording, ...body.recording },
          ...(body.mail === undefined ? {} : { mail: mailOf(body.mail, settings.mail) }),
        };
        return { ...rowsOf(snapshot), settings: changed(settings, parts, new Date()) };
      },
      caller,
    );
    return withEtag(reply, after.settings, presented(after.settings));
  }
}

/** What has no password, of a server that had none either, is refused by the check of the whole. */
function mailOf(said: NonNullable<z.infer<typeof SettingsChange>['mail']> | null, before: MailServer | null): MailServer | null {
  if (said === null) return null;
  if (said.credentials === null) return { ...said, credentials: null };
  // Another server is not told what was this one’s.
  const kept = said.host === before?.host ? before.credentials?.password : undefined;
  return { ...said, credentials: { username: said.credentials.username, password: said.credentials.password ?? kept ?? '' } };
}

function presented({ mail, ...settings }: SystemSettings): z.infer<typeof SettingsRepresentation> {
  const { credentials = null, ...server } = mail ?? {};
  return { ...settings, mail: mail && { ...(server as Omit<MailServer, 'credentials'>), credentials: credentials && { username: credentials.username, isPasswordSet: credentials.password !== '' } } };
}
