import { pino } from 'pino';
import { readEnvironment } from './environment.ts';
import { greeting } from './greeting.ts';
import { startPbx } from './start-pbx.ts';

/* The process: variables in, signals and the launcher's channel; everything else is start-pbx.ts. */

const read = readEnvironment(process.env);
if (!read.ok) {
  process.stderr.write(`The pbx cannot start:\n${read.faults.map((fault) => `  ${fault}\n`).join('')}`);
  process.exit(1);
}
const log = pino({ level: read.environment.logLevel, base: { name: 'pbx' } }, pino.destination({ dest: 2, sync: false }));

let end: (reason: string) => void = () => undefined;
const ended = new Promise<string>((resolve) => (end = resolve));
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => end(signal));
// The launcher is gone: nobody would ever end this process.
process.on('disconnect', () => end('disconnect'));
// Our bugs (STYLE, errors kind 3): one request or call suffers, the process lives.
process.on('uncaughtException', (error) => log.error({ err: error }, 'bug'));
process.on('unhandledRejection', (error) => log.error({ err: error }, 'bug'));

const pbx = await Promise.race([startPbx(read.environment, log), ended]).catch((error: unknown) => {
  log.fatal({ err: error }, 'cannotStart');
  log.flush();
  process.stderr.write(`The pbx cannot start: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
if (typeof pbx === 'string') process.exit(0);

process.stdout.write(greeting({ ...pbx.about, afterMs: performance.now() }));
process.send?.({ type: 'ready', apiUrl: pbx.about.apiUrl, sipPort: pbx.about.sipPort, isFirstStart: pbx.about.isFirstStart });

const reason = await ended;
log.info({ reason, calls: pbx.about.calls }, 'ending');
// Whatever hangs: the launcher would wait ten seconds and then kill us, with less said.
setTimeout(() => process.exit(1), 8_000).unref();
await pbx.stop();
log.info('ended');
log.flush();
process.exit(0);
