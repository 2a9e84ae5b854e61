import type { ContextId, GatewayCommand, GatewayRefusal, GatewayReplies, MediaAddress, RemoteMedia, TerminationId } from '@tipring/gateway';
import { isIP } from 'node:net';
import type { PortPair } from './port-pool.ts';

/** How a command ended: the reply's JSON, or why not. */
export type Outcome = { readonly reply: string; readonly refusal?: undefined } | { readonly reply?: undefined; readonly refusal: GatewayRefusal };

export function ok(reply: unknown): Outcome {
  return { reply: JSON.stringify(reply) };
}

export function refuse(code: GatewayRefusal['code'], text: string): Outcome {
  return { refusal: { code, text } };
}

export function exists({ context, termination }: { readonly context: ContextId; readonly termination: TerminationId }): Outcome {
  return refuse('terminationExists', `${termination} is already in ${context}`);
}

/** Of a command about ports or what is simulated. */
export function noPorts(command: GatewayCommand): Outcome {
  if (command.do === 'cards') return ok({ cards: [] } satisfies GatewayReplies['cards']);
  return 'port' in command ? refuse('noSuchPort', `there is no port ${command.port}: this gateway has no cards`) : refuse('noSimulator', 'there are no simulated cards');
}

/** What the wire's edge could not know: whether an address is one, and of the family that the port speaks. */
export function remoteFault(remote: RemoteMedia | undefined, local: string): string | null {
  for (const media of [remote?.rtp, remote?.rtcp] satisfies (MediaAddress | undefined)[]) {
    if (media === undefined) continue;
    if (isIP(media.address) === 0) return `${media.address} is no IP address`;
    if (isIP(media.address) !== isIP(local)) return `${media.address} cannot be reached from ${local}`;
  }
  return null;
}

/** Why a pair could not be bound. */
export function bindRefusal(error: string, pinned: boolean, { address, rtpPort }: PortPair): Outcome {
  if (error === 'EADDRINUSE' && pinned) return refuse('portTaken', `port ${rtpPort} at ${address} belongs to another program`);
  if (error === 'EADDRNOTAVAIL') return refuse('badCommand', `${address} is no address of this gateway`);
  return refuse('noPort', `port ${rtpPort} at ${address} cannot be bound: ${error}`);
}

export const nothing: Outcome = { reply: '{}' };
export const noRoom: Outcome = { refusal: { code: 'overloaded', text: 'no room to decode audio: TIPRING_BRIDGED_ENDS sets how many ends a worker has room for' } };
