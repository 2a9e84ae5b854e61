import { bootstrap } from './launcher/bootstrap.mjs';

await bootstrap('launcher/run-tests.mjs', process.argv.slice(2));
