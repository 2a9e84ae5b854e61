import { Inviter, type Invitation, Registerer, RegistererState, SessionState, UserAgent, type SessionDescriptionHandler, type Session } from 'sip.js';
import { waitFor } from '../wait-for.ts';
import type { RtpParty } from './rtp-party.ts';

export interface SipJsOptions {
  readonly username: string;
  readonly password: string;
  /** Host of the SIP addresses. */
  readonly domain: string;
  /** ws:// or wss:// address of the PBX. */
  readonly server: string;
  /** The media end: SIP over WebSocket, sound over plain RTP (a browser would bring its own). */
  readonly rtp: RtpParty;
}

/** A phone built on sip.js, as the browser softphone is, registering and calling over our WebSocket transport. */
export class SipJsPhone {
  readonly #agent: UserAgent;
  readonly #registerer: Registerer;
  readonly #domain: string;
  #session: Session | undefined;

  private constructor(agent: UserAgent, domain: string) {
    this.#agent = agent;
    this.#domain = domain;
    this.#registerer = new Registerer(agent);
  }

  static async start(options: SipJsOptions): Promise<SipJsPhone> {
    const started: { phone?: SipJsPhone } = {};
    const agent = new UserAgent({
      uri: UserAgent.makeURI(`sip:${options.username}@${options.domain}`)!,
      authorizationUsername: options.username,
      authorizationPassword: options.password,
      transportOptions: { server: options.server },
      sessionDescriptionHandlerFactory: () => new PlainRtp(options.rtp),
      logLevel: 'error',
      delegate: { onInvite: (invitation: Invitation) => void started.phone?.answer(invitation) },
    });
    await agent.start();
    started.phone = new SipJsPhone(agent, options.domain);
    return started.phone;
  }

  async register(): Promise<void> {
    await this.#registerer.register();
    await waitFor('the registration of the sip.js phone', () => this.#registerer.state === RegistererState.Registered || undefined);
  }

  async dial(number: string): Promise<void> {
    const inviter = new Inviter(this.#agent, UserAgent.makeURI(`sip:${number}@${this.#domain}`)!);
    this.#session = inviter;
    await inviter.invite();
  }

  async answer(invitation: Invitation): Promise<void> {
    this.#session = invitation;
    await invitation.accept();
  }

  established(): Promise<boolean> {
    return waitFor('the call of the sip.js phone', () => this.#session?.state === SessionState.Established || undefined);
  }

  ended(): Promise<boolean> {
    return waitFor('the end of the call of the sip.js phone', () => this.#session?.state === SessionState.Terminated || undefined);
  }

  async hangUp(): Promise<void> {
    await this.#session?.bye();
  }

  async stop(): Promise<void> {
    await this.#agent.stop();
  }
}

/** sip.js's media port over an RtpParty. */
class PlainRtp implements SessionDescriptionHandler {
  readonly #rtp: RtpParty;

  constructor(rtp: RtpParty) {
    this.#rtp = rtp;
  }

  async getDescription(): Promise<{ body: string; contentType: string }> {
    const lines = ['v=0', 'o=sipjs 1 1 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0', `m=audio ${this.#rtp.port} RTP/AVP 0`, 'a=rtpmap:0 PCMU/8000', ''];
    return { body: lines.join('\r\n'), contentType: 'application/sdp' };
  }

  hasDescription(contentType: string): boolean {
    return contentType === 'application/sdp';
  }

  async setDescription(sdp: string): Promise<void> {
    this.#rtp.sendToSdp(sdp);
  }

  sendDtmf(): boolean {
    return false;
  }

  close(): void {}
}
