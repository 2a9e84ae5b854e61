import type { Destination } from '@tipring/config';
import type { ApplicationTarget } from './application.ts';

export function targetOf(destination: Destination): ApplicationTarget {
  return destination.type === 'number' ? { type: 'number', number: destination.number } : { type: 'destination', destination };
}
