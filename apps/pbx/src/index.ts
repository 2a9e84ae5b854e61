export { readEnvironment } from './environment.ts';
export { startPbx } from './start-pbx.ts';
