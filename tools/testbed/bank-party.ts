import type { Session, SessionEvent } from '@tipring/sip';

/** One end of a call between two phones of the bank, and where it sends its RTP. */
export class BankParty {
  /** Own RTP port, as in its SDP. */
  readonly rtpPort: number;
  /** The PBX's RTP port for this party; 0 until its SDP has come. */
  pbxRtpPort: number;
  /** Who calls, as the INVITE has it in From; of called parties. */
  from: { readonly number: string | null; readonly name: string | null } | undefined;
  /** Type of every session event, in order; `ended` or `rejected` is the last. */
  readonly events: string[] = [];
  /** Why it ended, once it has. */
  end: string | undefined;
  endedBy: 'remote' | 'local' | 'timer' | 'transport' | 'rejected' | undefined;
  /** Of the final response that refused the call. */
  refusedWith: number | undefined;
  #session: Session | undefined;
  #waiting: (() => void)[] = [];

  constructor(rtpPort: number, pbxRtpPort: number) {
    this.rtpPort = rtpPort;
    this.pbxRtpPort = pbxRtpPort;
  }

  get session(): Session {
    if (this.#session === undefined) throw new Error('the party has no session yet');
    return this.#session;
  }

  begin(session: Session): void {
    this.#session = session;
  }

  note(event: SessionEvent): void {
    this.events.push(event.type);
    if (event.type === 'ended') {
      this.end = event.detail;
      this.endedBy = event.by;
    }
    if (event.type === 'rejected') {
      this.end = `${event.status} ${event.reason}`;
      this.endedBy = 'rejected';
      this.refusedWith = event.status;
    }
    for (const look of this.#waiting.splice(0)) look();
  }

  /** The first event of these types from the n-th on, whether it was or will be; undefined when none comes in time. */
  heard(types: readonly string[], from = 0, timeoutMs = 10_000): Promise<string | undefined> {
    return new Promise((resolve) => {
      const late = setTimeout(() => resolve(undefined), timeoutMs);
      const look = () => {
        const found = this.events.slice(from).find((type) => types.includes(type));
        if (found === undefined) {
          this.#waiting.push(look);
          return;
        }
        clearTimeout(late);
        resolve(found);
      };
      look();
    });
  }
}
