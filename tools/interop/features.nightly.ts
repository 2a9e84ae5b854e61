import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../launcher/places.mjs';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { FeatureOffice, type HandKind, type Kind, kinds } from './features/feature-office.ts';
import { features } from './features/features.ts';
import { FeatureReport } from './features/feature-report.ts';

/*
 * Every feature for every pair of who calls and who is called, and by every hand that can do it: a SIP phone's own signalling, a telephone's hook flash,
 * the API. Each party has a tone of its own: who talks to whom is what they hear, and the record says the same. A cell that cannot exist says why.
 */
const lanes = 4;
const report = new FeatureReport();
let office: FeatureOffice;

beforeAll(async () => {
  office = await FeatureOffice.start(lanes);
});

afterAll(async () => {
  await office?.stop();
  const table = report.table();
  console.log(table);
  mkdirSync(join(root, 'reports'), { recursive: true });
  writeFileSync(join(root, 'reports/features.md'), `${table}\n`);
});

const pairs = kinds.flatMap((from) => kinds.map((to) => ({ from, to })));

for (const feature of features) {
  describe(feature.name, () => {
    for (const { from, to } of pairs) {
      for (const by of handsOf(from, to)) {
        const why = feature.impossible({ from, to, by });
        if (why !== null) {
          report.note({ feature: feature.name, from, to, by }, why);
          continue;
        }
        let tries = 0;
        // Four conversations in real time on whatever machine this is: a cell may be tried once more, and the table says so.
        test.concurrent(`${from} calls ${to}, by ${by}`, { retry: 1 }, async () => {
          tries += 1;
          await office.cast(from, to, from === 'FXS' ? 'SIP' : 'FXS', by, (cast) => feature.prove(cast));
          report.note({ feature: feature.name, from, to, by }, tries === 1 ? true : 'atSecondTry');
        });
      }
    }
  });
}

/** Whoever of the two is in the office has a hand of its own; the API can always. */
function handsOf(from: Kind, to: Kind): readonly HandKind[] {
  const own = isInside(to) ? to : isInside(from) ? from : null;
  return own === null ? ['API'] : [own, 'API'];
}

function isInside(kind: Kind): kind is 'SIP' | 'FXS' {
  return kind === 'SIP' || kind === 'FXS';
}
