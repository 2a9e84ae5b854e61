import { AnalogLiveController } from './analog-live.controller.ts';
import { ApiKeysController } from './api-keys.controller.ts';
import { AuditController } from './audit.controller.ts';
import { AuthenticationFailuresController } from './authentication-failures.controller.ts';
import { CalculatorsController } from './calculators.controller.ts';
import { CarrierController } from './carrier.controller.ts';
import { CallOperationsController } from './call-operations.controller.ts';
import { CallRecordsController } from './call-records.controller.ts';
import { CallsController } from './calls.controller.ts';
import { CardsController } from './cards.controller.ts';
import { ConferenceMembersController } from './conference-members.controller.ts';
import { ConfigController } from './config.controller.ts';
import { configuredController } from './configured-controller.ts';
import { configuredKinds } from './configured-kinds.ts';
import { DevicesController } from './devices.controller.ts';
import { DrillsController } from './drills.controller.ts';
import { EventsController } from './events.controller.ts';
import { HealthController } from './health.controller.ts';
import { IncidentsController } from './incidents.controller.ts';
import { MessagesController } from './messages.controller.ts';
import { ParkedCallsController } from './parked-calls.controller.ts';
import { QueueStatusController } from './queue-status.controller.ts';
import { PresenceController } from './presence.controller.ts';
import { RegionProfilesController } from './region-profiles.controller.ts';
import { RegistrationsController } from './registrations.controller.ts';
import { RevisionsController } from './revisions.controller.ts';
import { RoutingController } from './routing.controller.ts';
import { ScheduleStateController } from './schedule-state.controller.ts';
import { SecurityController } from './security.controller.ts';
import { SettingsController } from './settings.controller.ts';
import { SimulatorController } from './simulator.controller.ts';
import { SoundsController } from './sounds.controller.ts';
import { TransfersController } from './transfers.controller.ts';
import { TrunkStatusController } from './trunk-status.controller.ts';
import { UsageController } from './usage.controller.ts';
import { WebhookDeliveriesController } from './webhook-deliveries.controller.ts';
import { RecordingsController } from './recordings.controller.ts';

/** In the order they are documented. */
export const controllers = [
  configuredController(configuredKinds.extension),
  DevicesController,
  configuredController(configuredKinds.station),
  configuredController(configuredKinds.line),
  AnalogLiveController,
  configuredController(configuredKinds.lineGroup),
  configuredController(configuredKinds.trunk),
  TrunkStatusController,
  DrillsController,
  configuredController(configuredKinds.inboundRoute),
  configuredController(configuredKinds.outboundRoute),
  configuredController(configuredKinds.ringGroup),
  configuredController(configuredKinds.queue),
  configuredController(configuredKinds.voicemailBox),
  configuredController(configuredKinds.ivr),
  configuredController(configuredKinds.conference),
  configuredController(configuredKinds.parkingLot),
  configuredController(configuredKinds.pagingZone),
  configuredController(configuredKinds.directory),
  configuredController(configuredKinds.prompt),
  configuredController(configuredKinds.musicClass),
  configuredController(configuredKinds.webhook),
  WebhookDeliveriesController,
  configuredController(configuredKinds.permission),
  configuredController(configuredKinds.pinSet),
  configuredController(configuredKinds.schedule),
  ScheduleStateController,
  configuredController(configuredKinds.blocklist),
  configuredController(configuredKinds.emergencyLocation),
  RoutingController,
  ConfigController,
  RevisionsController,
  IncidentsController,
  CardsController,
  RegionProfilesController,
  CalculatorsController,
  SimulatorController,
  CarrierController,
  RegistrationsController,
  PresenceController,
  ConferenceMembersController,
  CallsController,
  CallOperationsController,
  TransfersController,
  ParkedCallsController,
  QueueStatusController,
  MessagesController,
  SoundsController,
  CallRecordsController,
  RecordingsController,
  UsageController,
  EventsController,
  SecurityController,
  AuthenticationFailuresController,
  SettingsController,
  ApiKeysController,
  AuditController,
  HealthController,
] as const;
