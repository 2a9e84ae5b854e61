import { UnrecoverableError } from 'bullmq';

/** A task that would fail the same way however often it is tried. */
export class GivenUp extends UnrecoverableError {}
