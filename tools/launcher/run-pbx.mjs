import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { installCardAgent } from './card-agent.mjs';
import { openDatabase } from './database.mjs';
import { listenerEnvironment, requireFreePorts } from './listening.mjs';
import { dspModule } from './dsp-module.mjs';
import { endLeftovers, noteProgram } from './leftovers.mjs';
import { logFile } from './log-file.mjs';
import { nativeAddon } from './native-addon.mjs';
import { builtFolder, dataFolder, launcherLock, root, socketPath } from './places.mjs';
import { takeLock } from './process-lock.mjs';
import { Program } from './program.mjs';
import { elapsedMs, Refusal, say, step } from './progress.mjs';
import { promptSet } from './prompt-set.mjs';
import { buildPrograms } from './typescript-build.mjs';
import { nodeArguments } from './node-arguments.mjs';

/**
 * The second half of `npm start`: database, media gateway, the simulated carrier if there is to be one, and controller, from the first to the last.
 * Ends in the reverse order: the controller says goodbye to every call, then the gateway, then the database. A second Ctrl-C ends all at once.
 */

const data = dataFolder();
// Under root PostgreSQL's account passes through this folder; what is secret in it is 0600.
mkdirSync(join(data, 'log'), { recursive: true, mode: process.getuid?.() === 0 ? 0o711 : 0o700 });
const logs = {
  carrier: logFile(join(data, 'log'), 'carrier'),
  media: logFile(join(data, 'log'), 'media'),
  pbx: logFile(join(data, 'log'), 'pbx'),
  postgres: logFile(join(data, 'log'), 'postgres'),
};
const rotation = setInterval(() => {
  for (const log of Object.values(logs)) log.rotate();
}, 10_000);

/** What is running, ended from the last to the first. @type {{ stop(): Promise<unknown>, kill(): unknown }[]} */
const running = [];
/** @type {(reason: string) => void} */
let interrupt = () => {};
/** @type {Promise<string>} */
const interrupted = new Promise((resolve) => (interrupt = resolve));
let stopping = false;

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
process.on('disconnect', onSignal); // whoever started us was killed
process.stdout.on('error', () => {}); // the terminal is gone; the PBX is not

const lock = takeLock(launcherLock(data), { data });
if (lock.held) {
  process.exitCode = await run(lock);
  lock.release();
} else {
  const where = lock.owner['apiUrl'] ? `its API is at ${lock.owner['apiUrl']}` : 'it is still starting';
  process.stderr.write(`This PBX already runs: process ${lock.owner.pid}, ${where}, its data is in ${data}. Nothing was started or changed.\n`);
  process.exitCode = 1;
}
clearInterval(rotation);
process.off('disconnect', onSignal);
if (process.connected) process.disconnect();

/** @param {{ update(about: Record<string, unknown>): void }} held @returns {Promise<number>} the exit code */
async function run(held) {
  try {
    const env = await prepare();
    // An interrupt during the preparations is obeyed here: what they started is in `running` by now.
    const reason = stopping ? await interrupted : await Promise.race([runPrograms(env, held), interrupted]);
    say(`\n${reason}: ending calls and stopping. Once more to stop at once.`);
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Refusal ? error.message : /** @type {Error} */ (error).stack}\n`);
    return 1;
  } finally {
    stopping = true;
    for (const part of running.toReversed()) await part.stop();
  }
}

/** @returns {Promise<NodeJS.ProcessEnv>} the programs' environment */
async function prepare() {
  await endLeftovers(data);
  const listening = listenerEnvironment();
  await requireFreePorts(listening);
  const sounds = process.env['TIPRING_SOUNDS'] || join(data, 'sounds');
  running.push(promptSet(sounds));
  const [compiled, dsp] = await Promise.all([buildPrograms(), dspModule()]);
  if (!compiled) throw new Refusal('The sources do not compile; see above. Nothing was started.');
  const native = await nativeAddon();
  // Without hardware there is a card all the same, and a carrier, so that everything can be tried.
  const simulator = process.env['TIPRING_SIMULATOR'] || (process.env['TIPRING_CARD_AGENT'] ? 'off' : 'demo');
  // The agent is the system's to start: it outlives us. That its file is of these sources is ours.
  if (process.env['TIPRING_CARD_AGENT']) await step('Compiling the card agent', () => installCardAgent().catch((error) => say(`  ${error.message}`)));
  return {
    NODE_ENV: 'production',
    // V8's compiled code from the last run: a fifth less to do at the start.
    NODE_COMPILE_CACHE: join(builtFolder, 'compile-cache'),
    ...process.env,
    ...listening,
    TIPRING_SIMULATOR: simulator,
    TIPRING_CARRIER: process.env['TIPRING_CARRIER'] || (simulator === 'demo' ? 'demo' : 'off'),
    TIPRING_CARRIER_SOCKET: socketPath(data, 'carrier.sock'),
    TIPRING_DATA: data,
    TIPRING_SOUNDS: sounds,
    TIPRING_SPEAKER: join(root, 'tools/prompts/speak-text.ts'),
    TIPRING_GATEWAY_SOCKET: socketPath(data, 'gateway.sock'),
    TIPRING_NATIVE: native,
    TIPRING_SIP_NATIVE: await nativeAddon('sip'),
    TIPRING_DSP: dsp,
    DATABASE_URL: process.env['DATABASE_URL'] || (await embeddedDatabase()),
  };
}

async function embeddedDatabase() {
  const database = await openDatabase(data, logs.postgres);
  running.push({ stop: () => step('Stopping the database', () => database.stop('fast')), kill: () => database.stop('immediate') });
  return database.url;
}

/**
 * Settles only by failing: a PBX runs until it is interrupted.
 * @param {NodeJS.ProcessEnv} env
 * @param {{ update(about: Record<string, unknown>): void }} held
 * @returns {Promise<never>}
 */
function runPrograms(env, held) {
  return new Promise((_, fail) => {
    let readies = 0;
    const program = (/** @type {'media' | 'carrier' | 'pbx'} */ name) => {
      const made = new Program({
        name,
        command: [process.execPath, ...nodeArguments[name], join(root, 'apps', name, 'dist/main.js')],
        env,
        log: logs[name],
        onStart: (pid) => noteProgram(data, name, pid),
        onMessage(message) {
          if (name !== 'pbx' || message?.type !== 'ready') return;
          held.update({ data, apiUrl: message.apiUrl });
          readies += 1;
          // pbx has said how to reach it; what only the launcher knows comes after.
          if (readies === 1) say(`  The whole start took ${(elapsedMs() / 1000).toFixed(1)} s. Logs are in ${join(data, 'log')}. Ctrl-C stops it.\n`);
        },
        onDeath({ code, signal, restartMs }) {
          const how = signal ? `was killed (${signal})` : `ended with exit code ${code}`;
          if (restartMs !== undefined) say(`  ${name} ${how}; starting it again${restartMs > 0 ? ` in ${restartMs} ms` : ''}. Its log: ${logs[name].path}`);
          // A simulation is not what a PBX is for.
          else if (name === 'carrier') say(`  The simulated carrier ${how} three times before it was ready; going on without it. Its log: ${logs[name].path}`);
          else fail(new Refusal(`${name} ${how} three times before it was ready. The end of ${logs[name].path}:\n${tail(logs[name].path)}`));
        },
      });
      running.push({ stop: () => made.stop(name === 'pbx' ? 10_000 : 5_000), kill: () => made.kill() });
      made.start();
    };
    program('media');
    // Before the controller, which says goodbye to its calls when it ends.
    if (env['TIPRING_CARRIER'] !== 'off') program('carrier');
    program('pbx');
  });
}

/** @param {unknown} signal */
function onSignal(signal) {
  if (stopping) {
    for (const part of running) part.kill();
    if (running.length === 0) process.exit(130);
    return;
  }
  stopping = true;
  interrupt(signal === 'SIGINT' ? 'Ctrl-C' : signal === 'SIGTERM' ? 'Asked to end' : 'The terminal is gone');
}

/** @param {string} path */
function tail(path) {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-15).join('\n');
}
