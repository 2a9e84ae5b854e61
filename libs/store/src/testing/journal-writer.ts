import pg from 'pg';
import { RecordJournal } from '../journal/record-journal.ts';
import { silent } from './test-database.ts';

/* A process that is going to be killed: writes attempts down as fast as it can, and says of each what it has done. */

const [folder = '', databaseUrl = ''] = process.argv.slice(2);
const journal = new RecordJournal({ folder, pool: new pg.Pool({ connectionString: databaseUrl, max: 2 }), wallClock: Date.now, log: silent, limits: { segmentBytes: 20_000, intervalMs: 5 } });
const evidence = { kind: 'sipRequest', text: 'BYE' };

for (let count = 0; ; count += 1) {
  const id = `c${process.pid}-${count}`;
  journal.begun({ id, startedAt: Date.now(), from: { number: '101' }, to: '102', endpoint: 'dev_1', reference: 'x' });
  process.stdout.write(`B ${id}\n`);
  // Each third call outlives the process.
  if (count % 3 !== 0) {
    journal.ended({ id, direction: 'internal', startedAt: 0, answeredAt: null, endedAt: 1, from: { number: '101' }, to: '102', legs: [], attempts: [], emergency: null, cause: 'normalClearing', evidence, answeredBy: null, story: [], recovered: false, segments: [], continues: [], continuedIn: null });
    process.stdout.write(`E ${id}\n`);
  }
  if (count % 20 === 0) await new Promise((resolve) => setImmediate(resolve));
}
