import type { Line } from '@tipring/config';

export interface NextStep {
  readonly code: 'enable' | 'plugIn' | 'nameCalled' | 'callIn';
  readonly text: string;
}

/** The one thing to do next until a line is in full service; null: it is. `isPresent`: whether its port is there; null: nobody knows. */
export function nextStep({ port, isEnabled, isCommissioned, inbound }: Line, isPresent: boolean | null): NextStep | null {
  if (!isEnabled) return { code: 'enable', text: 'The line is out of service. PATCH isEnabled to true.' };
  if (isPresent === false) return { code: 'plugIn', text: `There is no FXO port ${port.port} on a card ${port.card} now. Put the card in, or PATCH port to one that is there (GET /api/v1/cards).` };
  if (!isCommissioned && inbound === null) return { code: 'nameCalled', text: 'Nobody is called when it rings. PATCH inbound to {"type":"extension","id":"ext_…"}.' };
  if (!isCommissioned) {
    return {
      code: 'callIn',
      text: 'Call its number from outside and answer; then hang up outside first, and see whether the call ends by itself (GET /api/v1/call-records tells by what evidence). When it does, PATCH isCommissioned to true; until then the line takes calls and makes none.',
    };
  }
  return null;
}
