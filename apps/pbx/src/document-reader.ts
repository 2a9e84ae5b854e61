import { Worker } from 'node:worker_threads';
import { documentFromText, type DocumentProblem, type Result } from '@tipring/config';

export type ReadDocument = Result<unknown, DocumentProblem>;

/** Reads YAML or JSON. A long text is read in a thread of its own, which ends with it: calls would wait for it, a second for ten thousand telephones. */
export async function readDocument(text: string): Promise<ReadDocument> {
  if (text.length < LONG) return documentFromText(text);
  return new Promise((resolve, reject) => {
    // Beside this file, compiled as it is.
    const thread = new Worker(new URL(`./document-thread${import.meta.url.slice(-3)}`, import.meta.url), { workerData: text, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 512 } });
    thread.once('message', (read: ReadDocument) => resolve(read));
    thread.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') reject(error);
      else resolve({ ok: false, problems: [{ code: 'syntax', pointer: '', hint: 'It means more than there is memory to read it with.' }] });
    });
    // After either of the former this says nothing new.
    thread.once('exit', (code) => reject(new Error(`the thread that read a document ended with ${code}`)));
  });
}

const LONG = 16_384;
