import { Inject, Injectable } from '@nestjs/common';
import { AuditLog, type Author } from '@tipring/store';
import type { CallId } from '@tipring/telephony';
import type { Logger } from 'pino';
import { LOG } from './ports.ts';

/** Who did what to a call. Calls are made, changed and ended also while the database is away; then the log has to do. */
@Injectable()
export class CallAudit {
  readonly #audit: AuditLog;
  readonly #log: Logger;

  constructor(@Inject(AuditLog) audit: AuditLog, @Inject(LOG) log: Logger) {
    this.#audit = audit;
    this.#log = log;
  }

  note(caller: Author, action: string, call: CallId, what: object): void {
    this.#audit.record(caller, action, `call:${call}`, null, what).catch((error: unknown) => this.#log.warn({ err: error, caller, action, call, what }, 'auditNotWritten'));
  }
}
