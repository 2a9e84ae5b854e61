import type { Timers } from '@tipring/clock';
import type { Cause, Evidence, Leg, LegId, LegListener } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';

/** A leg that cannot be had: `released` as soon as its call has it. */
export function refusedLeg(id: LegId, cause: Cause, evidence: Evidence, listener: LegListener, timers: Timers): Leg {
  const report = new LegReport(listener);
  timers.start(0, () => report.released(cause, evidence));
  let now = id;
  return {
    get id() {
      return now;
    },
    media: id,
    reference: '',
    send: (command) => {
      if (command.type === 'release') report.released(command.cause, { kind: 'local', text: `not called: ${command.cause}` });
      else if (command.type === 'moved') now = command.leg;
    },
    snapshot: () => ({ at: 'setup', reference: '' }),
  };
}
