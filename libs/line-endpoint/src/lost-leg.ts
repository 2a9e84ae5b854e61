import type { Timers } from '@tipring/clock';
import type { Cause, Evidence, Leg, LegId, LegListener } from '@tipring/telephony';
import { LegReport } from '@tipring/telephony';

/** A leg that never had a port, or has none any more: released soon. */
export function lostLeg(id: LegId, reference: string, outcome: { readonly cause: Cause; readonly evidence: Evidence }, listener: LegListener, timers: Timers): Leg {
  const report = new LegReport(listener);
  timers.start(0, () => report.released(outcome.cause, outcome.evidence));
  return {
    id,
    media: id,
    reference,
    send: (command) => {
      if (command.type === 'release') report.released(command.cause, { kind: 'local', text: `not called: ${command.cause}` });
    },
    snapshot: () => ({ at: 'setup', reference }),
  };
}
