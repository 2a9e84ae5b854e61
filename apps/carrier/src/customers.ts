import { randomBytes } from 'node:crypto';
import type { CarrierCustomer, CarrierPlan, CarrierRegistration, RegisteringCustomer, StaticCustomer } from '@tipring/carrier-control';
import type { Timers } from '@tipring/clock';
import { type Binding, Bindings, computeHa1, createResponse, type DeviceSecret, DigestServer, type Flow, type HeaderLines, nodeHashing, parseAuthentication, parseUri, register, type ServerTransaction, type SipRequest } from '@tipring/sip';

/** Whose call it is, or what it is asked for. */
export type CallerVerdict = { readonly customer: CarrierCustomer } | { readonly status: number; readonly headers: HeaderLines };

/** Who may use a carrier, and where they are: accounts, registrations, addresses. */
export class Customers {
  readonly #plan: CarrierPlan;
  readonly #bindings: Bindings;
  readonly #digest: DigestServer;
  readonly #timers: Timers;
  readonly #secrets = new Map<string, DeviceSecret>();

  constructor(plan: CarrierPlan, timers: Timers) {
    this.#plan = plan;
    this.#timers = timers;
    this.#bindings = new Bindings(timers, () => {}, 1_000);
    this.#digest = new DigestServer({ realm: plan.domain, secret: randomBytes(16).toString('hex') }, nodeHashing, randomBytes(12).toString('hex'), Date.now());
    for (const customer of plan.customers) {
      const account = customer.type === 'registration' ? customer : customer.credentials;
      if (account !== undefined) this.#secrets.set(account.username, { username: account.username, algorithm: 'MD5', ha1: computeHa1(nodeHashing, 'MD5', account.username, plan.domain, account.password) });
    }
  }

  get registrations(): readonly CarrierRegistration[] {
    const toEpoch = Date.now() - this.#timers.now();
    return [...this.#bindings.all()].map(({ aor, contact, flow, expiresAt }) => ({ username: aor, contact, transport: flow.transport, source: flow.remote, expiresAt: Math.round(expiresAt + toEpoch) }));
  }

  forget(): void {
    for (const { type, ...customer } of this.#plan.customers) if (type === 'registration') this.#bindings.removeAll((customer as RegisteringCustomer).username, 'administrative');
  }

  /** A connection is gone, and who registered by it with it. */
  closed(flow: Flow): void {
    for (const binding of this.#bindings.ofFlow(flow.id)) this.#bindings.remove(binding, 'flowClosed');
  }

  binding(customer: RegisteringCustomer): Binding | undefined {
    return this.#bindings.of(customer.username)[0];
  }

  /** RFC 3261 10.3, with digest. */
  register(transaction: ServerTransaction): void {
    const { request, flow } = transaction;
    const account = parseUri(request.to.uri)?.user ?? '';
    const customer = this.#plan.customers.find((one) => one.type === 'registration' && one.username === account);
    const secret = customer === undefined ? undefined : this.#secrets.get(account);
    const verdict = this.#digest.verify(request, 'user', secret, Date.now());
    if (!verdict.ok) {
      const status = verdict.why === 'absent' || verdict.stale ? 401 : 403;
      const headers = status === 401 ? [this.#digest.challenge('user', secret, verdict.stale, Date.now())] : [];
      transaction.respond(createResponse(request, status, { toTag: newTag(), headers }));
      return;
    }
    const outcome = register(request, this.#bindings.of(account), { aor: account, device: account, flow, now: this.#timers.now() }, { minExpires: 10, maxExpires: 3_600, pathWithoutSupport: 'accept' });
    this.#bindings.apply(account, outcome);
    transaction.respond(createResponse(request, outcome.status, { reason: outcome.reason, toTag: newTag(), headers: outcome.headers }));
  }

  /** Who calls: by credentials, by the address it comes from, by where it is registered. */
  callerOf(request: SipRequest, flow: Flow): CallerVerdict {
    const { address } = flow.remote;
    const named = usernameOf(request);
    const known = this.#plan.customers.find((one) => (one.type === 'address' ? one.address === address : this.#bindings.of(one.username).some((binding) => sameSource(binding, flow))));
    const account = named === undefined ? known : this.#plan.customers.find((one) => accountOf(one)?.username === named);
    if (known !== undefined && !isChallenged(known)) return { customer: known };
    const secret = named === undefined ? undefined : this.#secrets.get(named);
    const verdict = this.#digest.verify(request, 'proxy', secret, Date.now());
    if (verdict.ok && account !== undefined) return isAbsent(account, this.#bindings) ? { status: 403, headers: [] } : { customer: account };
    if (!verdict.ok && (verdict.why === 'absent' || verdict.stale)) return { status: 407, headers: [this.#digest.challenge('proxy', secret, verdict.stale, Date.now())] };
    return { status: 403, headers: [] };
  }

  /** Whose number it is; the only customer, if it is nobody's. */
  calledBy(number: string): CarrierCustomer | undefined {
    const { customers } = this.#plan;
    return customers.find(({ numbers }) => numbers.includes(number)) ?? (customers.length === 1 ? customers[0] : undefined);
  }
}

function accountOf(customer: CarrierCustomer): { readonly username: string } | undefined {
  return customer.type === 'registration' ? customer : customer.credentials;
}

function isChallenged(customer: CarrierCustomer): boolean {
  return customer.type === 'registration' ? customer.challengesCalls !== false : (customer as StaticCustomer).credentials !== undefined;
}

/** Who is not registered may not call. */
function isAbsent(customer: CarrierCustomer, bindings: Bindings): boolean {
  return customer.type === 'registration' && bindings.of(customer.username).length === 0;
}

function sameSource({ flow: { transport, remote } }: Binding, flow: Flow): boolean {
  return transport === flow.transport && remote.address === flow.remote.address && remote.port === flow.remote.port;
}

function usernameOf(request: SipRequest): string | undefined {
  const value = request.headers.get('Proxy-Authorization');
  return value === undefined ? undefined : parseAuthentication(value)?.parameter('username');
}

function newTag(): string {
  return randomBytes(6).toString('hex');
}
