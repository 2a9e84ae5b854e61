import { defaultFxoSettings, defaultFxsSettings, type FxoCapabilities, type FxsCapabilities, type PortKind, simulatedFxo, simulatedFxs } from '@tipring/cards';
import type { CardDescription } from './port-contract.ts';

/** A card as the simulated ones describe themselves, for a `FakeGateway`. Port 1 is the first; null: no module in that place. */
export function fakeCard(serial: string, ports: readonly (PortKind | null)[], abilities: { readonly fxo?: Partial<FxoCapabilities>; readonly fxs?: Partial<FxsCapabilities> } = {}): CardDescription {
  return {
    serial,
    identity: 'serial',
    driver: 'simulated',
    vendor: 'Tipring',
    model: 'Simulated card',
    firmware: null,
    slot: null,
    ports: ports.flatMap((kind, index) => {
      if (kind === null) return [];
      const capabilities = kind === 'fxo' ? { ...simulatedFxo, ...abilities.fxo } : { ...simulatedFxs, ...abilities.fxs };
      return [{ port: `${serial}/${index + 1}`, number: index + 1, capabilities, settings: kind === 'fxo' ? defaultFxoSettings : defaultFxsSettings, isOpen: false }];
    }),
  };
}
