import { bootstrap } from './launcher/bootstrap.mjs';

await bootstrap('launcher/run-bench.mjs', process.argv.slice(2));
