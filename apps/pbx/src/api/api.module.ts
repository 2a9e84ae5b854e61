import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { ApiKeys, AuditLog, CallRecordRepository, EventLog, LiveConfiguration, MessageStore, Recordings, RevisionLog, WebhookDeliveries } from '@tipring/store';
import { ApiKeyGuard } from './api-key.guard.ts';
import { CallAudit } from './call-audit.ts';
import { controllers } from './controllers.ts';
import { DocsController } from './docs.controller.ts';
import { IdempotencyInterceptor } from './idempotency.interceptor.ts';
import { parsePipe } from './parse.pipe.ts';
import { Phones } from './phones.ts';
import { ConfigurationPlans } from '../configuration-plans.ts';
import { Drills } from '../drills.ts';
import { UsageReports } from '../usage/usage-report.ts';
import { ANALOG, type ApiPorts, BLOCKS, CALLS, CARDS, CARRIER, CONFERENCES, DRILLS, EXPLAINER, FAILURES, HEALTH, LOG, METRICS, PRESENCE, QUEUES, REGISTRATIONS, SIMULATOR, SOUNDS_CHANGED, SOUNDS_FOLDER, STORIES, TRUNKS } from './ports.ts';
import { ProblemFilter } from './problem-filter.ts';

@Module({})
export class ApiModule {
  static over(ports: ApiPorts, drills: Drills): DynamicModule {
    return {
      module: ApiModule,
      controllers: [...controllers, DocsController],
      providers: [
        { provide: LiveConfiguration, useValue: ports.configuration },
        { provide: RevisionLog, useValue: ports.revisions },
        { provide: ConfigurationPlans, useFactory: () => new ConfigurationPlans({ ...ports, sealer: ports.exportSealer, wallClock: Date.now }) },
        { provide: ApiKeys, useValue: ports.apiKeys },
        { provide: AuditLog, useValue: ports.audit },
        { provide: CallRecordRepository, useValue: ports.records },
        { provide: UsageReports, useFactory: () => new UsageReports(ports.usage) },
        { provide: EventLog, useValue: ports.events },
        { provide: STORIES, useValue: ports.stories },
        { provide: CALLS, useValue: ports.calls },
        { provide: MessageStore, useValue: ports.messages },
        { provide: SOUNDS_CHANGED, useValue: ports.soundsChanged },
        { provide: SOUNDS_FOLDER, useValue: ports.soundsFolder },
        CallAudit,
        Phones,
        { provide: REGISTRATIONS, useValue: ports.registrations },
        { provide: BLOCKS, useValue: ports.blocks },
        { provide: FAILURES, useValue: ports.failures },
        { provide: CARDS, useValue: ports.cards },
        { provide: ANALOG, useValue: ports.analog },
        { provide: SIMULATOR, useValue: ports.simulator },
        { provide: CARRIER, useValue: ports.carrier },
        { provide: TRUNKS, useValue: ports.trunks },
        { provide: PRESENCE, useValue: ports.presence },
        { provide: CONFERENCES, useValue: ports.conferences },
        { provide: QUEUES, useValue: ports.queues },
        { provide: EXPLAINER, useValue: ports.explainer },
        { provide: Drills, useValue: drills },
        { provide: DRILLS, useValue: ports.drills },
        { provide: WebhookDeliveries, useValue: ports.deliveries },
        { provide: Recordings, useValue: ports.recordings },
        { provide: HEALTH, useValue: ports.health },
        { provide: METRICS, useValue: ports.metrics },
        { provide: LOG, useValue: ports.log },
        { provide: APP_GUARD, useFactory: () => new ApiKeyGuard(ports.apiKeys) },
        { provide: APP_PIPE, useValue: parsePipe },
        { provide: APP_INTERCEPTOR, useFactory: () => new IdempotencyInterceptor(ports.idempotency) },
        { provide: APP_FILTER, useFactory: () => new ProblemFilter(ports.log) },
      ],
    };
  }
}
