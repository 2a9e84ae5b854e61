import type { Device, Extension, Station } from '@tipring/config';
import type { Attempt, Route } from '@tipring/telephony';
import { type Call, routed, type Verdict } from '../call.ts';
import { whenNotTaken } from '../destinations/chain.ts';
import type { Incoming } from '../rules/inbound-rules.ts';
import { liveState } from '../ways/way.ts';

/** Whose telephones called for help lately by this line, or showing the number that is called now; those with a telephone that is enabled. */
export function extensionsThatCalledForHelp({ via, called, calledE164 }: Incoming, { caller, office, state, trace }: Call): readonly Extension[] {
  const { snapshot } = office;
  const telephones = state.emergencyCallers(via, caller.is === 'line' ? '' : (calledE164 ?? called));
  const ids = new Set(telephones.map((id) => (snapshot.devices.get(id) ?? snapshot.stations.get(id))?.extensionId));
  const extensions = [...ids].map((id) => snapshot.extensions.get(id ?? '')).filter((one) => one !== undefined && telephonesOf(one, { office }).length > 0) as readonly Extension[];
  for (const { number } of extensions) {
    trace.tell({ kind: 'emergency', id: null, key: 'callback' }, 'applied', 'callback', `${number} called an emergency number lately: who calls back reaches its telephones, and is not blocked`);
  }
  return extensions;
}

/** Their telephones ring, together with those inside that would ring anyway: the number that was shown may be the one that everybody calls. A refusal, or a way outside, does not count. */
export function callBack(extensions: readonly Extension[], verdict: Verdict, call: Call): Verdict {
  const { office, trace, state } = call;
  const usual: Route | undefined = verdict.ok && verdict.route.direction === 'inbound' ? verdict.route : undefined;
  if (usual === undefined) trace.passCandidatesOver();
  const [first, ...others] = usual?.attempts ?? [];
  // What answers by itself would take the call before anybody is at the telephone: it comes behind.
  const isRung = first !== undefined && first.endpoints.every((id) => office.snapshot.devices.has(id) || office.snapshot.stations.has(id));
  const rung = isRung ? first : undefined;
  const later = isRung || first === undefined ? others : [{ ...first, on: whenNotTaken }, ...others];
  const endpoints: string[] = [];
  for (const extension of extensions) {
    for (const { id, kind, key } of telephonesOf(extension, call)) {
      endpoints.push(id);
      if (rung?.endpoints.includes(id) === true) continue;
      trace.candidate({ endpoint: id, kind, key, via: 'emergency', ...liveState(id, state), number: extension.number, shown: null, cost: null, timeoutMs: RING_MS }, true);
    }
  }
  for (const id of rung?.endpoints ?? []) if (!endpoints.includes(id)) endpoints.push(id);
  const { number } = extensions[0]!;
  const attempt: Attempt = { endpoints, number: rung?.number ?? number, name: `emergency callback to ${number}`, timeoutMs: Math.max(RING_MS, rung?.timeoutMs ?? 0) };
  // Nobody waits for a turn, and what is said is not recorded.
  const { features: _features, ...route } = usual ?? {};
  const { delays: _delays, ...together } = rung ?? {};
  return routed({ ...route, direction: 'inbound', attempts: [{ ...together, ...attempt }, ...later] }, number, 'internal', null);
}

type Telephone = Pick<Device | Station, 'id' | 'key'> & { readonly kind: 'device' | 'station' };

function telephonesOf({ id: extensionId }: Extension, { office: { snapshot } }: Pick<Call, 'office'>): readonly Telephone[] {
  return [
    ...snapshot.devicesOf(extensionId).filter(({ enabled }) => enabled).map(({ id, key }) => ({ id, key, kind: 'device' as const })),
    ...snapshot.stationsOf(extensionId).filter(({ isEnabled }) => isEnabled).map(({ id, key }) => ({ id, key, kind: 'station' as const })),
  ];
}

/** Whoever called for help may need a while to the telephone. */
const RING_MS = 180_000;
