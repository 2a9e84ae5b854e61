import { bootstrap } from './launcher/bootstrap.mjs';

await bootstrap('launcher/run-pbx.mjs', process.argv.slice(2));
