import { parentPort, workerData } from 'node:worker_threads';
import { documentFromText } from '@tipring/config';

/* Runs in a thread of its own, see document-reader.ts. Says what it read, and ends. */

parentPort?.postMessage(documentFromText(workerData as string));
