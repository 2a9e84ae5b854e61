import type { Line } from '@tipring/config';

export interface NextStep {
  readonly code: 'enable' | 'nameCalled' | 'callIn' | 'putToUse';
  readonly text: string;
}

/** The one thing to do next until a line is in full service; null: it is. */
export function nextStep({ isEnabled, isCommissioned, inbound, outbound }: Line): NextStep | null {
  if (!isEnabled) return { code: 'enable', text: 'The line is out of service. PATCH isEnabled to true.' };
  if (!isCommissioned && inbound === null) return { code: 'nameCalled', text: 'Nobody is called when it rings. PATCH inbound to {"type":"extension","id":"ext_…"}.' };
  if (!isCommissioned) {
    return {
      code: 'callIn',
      text: 'Call its number from outside and answer; then hang up outside first, and see whether the call ends by itself (GET /api/v1/call-records tells by what evidence). When it does, PATCH isCommissioned to true; until then the line takes calls and makes none.',
    };
  }
  if (inbound === null && outbound === null) return { code: 'putToUse', text: 'Nothing uses it. PATCH inbound, so that somebody is called when it rings, or outbound to {"prefix":"9"}, so that calls can be made on it.' };
  return null;
}
