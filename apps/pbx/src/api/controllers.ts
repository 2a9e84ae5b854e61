import { ApiKeysController } from './api-keys.controller.ts';
import { AuditController } from './audit.controller.ts';
import { AuthenticationFailuresController } from './authentication-failures.controller.ts';
import { CallRecordsController } from './call-records.controller.ts';
import { CallsController } from './calls.controller.ts';
import { DevicesController } from './devices.controller.ts';
import { EventsController } from './events.controller.ts';
import { ExtensionsController } from './extensions.controller.ts';
import { HealthController } from './health.controller.ts';
import { RegistrationsController } from './registrations.controller.ts';
import { SecurityController } from './security.controller.ts';
import { SettingsController } from './settings.controller.ts';

/** In the order they are documented. */
export const controllers = [
  ExtensionsController,
  DevicesController,
  RegistrationsController,
  CallsController,
  CallRecordsController,
  EventsController,
  SecurityController,
  AuthenticationFailuresController,
  SettingsController,
  ApiKeysController,
  AuditController,
  HealthController,
] as const;
