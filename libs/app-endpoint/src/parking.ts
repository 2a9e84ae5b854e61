import type { FeatureAnswer, FeatureApplication } from './features/feature.ts';
import { feature } from './features/feature.ts';
import { parksCaller } from './features/call-features.ts';
import type { FeatureCaller } from './features/feature-caller.ts';

/** A parking lot as where a call is sent: its caller waits there. */
export function parking(lot: string, ports: Pick<FeatureCaller['ports'], 'calls'>): FeatureApplication {
  return feature('park', '', { asksFor: () => null, perform: ({ call }, answer: (answer: FeatureAnswer) => void) => answer(parksCaller(call, lot, ports)) });
}
