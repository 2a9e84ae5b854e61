import { parseArgs } from 'node:util';
import { findApi } from './api.ts';
import type { Command } from './command.ts';
import { apply, confirm, exportDocument, plan, revisions, rollback, schema } from './commands/configuration.ts';
import { drill } from './commands/drill.ts';
import { explain } from './commands/explain.ts';
import { calls, lines, stations, trunks } from './commands/looking.ts';
import { paintFor } from './text.ts';
import { type ExitCode, exitCodes, Stop, type World } from './world.ts';

const commands: readonly Command[] = [plan, apply, confirm, rollback, exportDocument, revisions, schema, explain, drill, calls, lines, trunks, stations];

/** Does what the arguments say; never rejects but for bugs of ours. */
export async function run(argv: readonly string[], world: World): Promise<ExitCode> {
  try {
    return await command(argv, world);
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    world.complain(`${error.message}\n`);
    return error.code;
  }
}

async function command([name, ...rest]: readonly string[], world: World): Promise<ExitCode> {
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    world.say(help());
    return name === undefined ? exitCodes.usage : exitCodes.done;
  }
  const wanted = commands.find((one) => one.name === name);
  if (wanted === undefined) throw new Stop('usage', `There is no command ${name}. Those that there are:\n\n${help()}`);
  const { values, positionals } = parsed(wanted, rest);
  if (values['help'] === true) {
    world.say(usage(wanted));
    return exitCodes.done;
  }
  const least = wanted.takes.filter((one) => !one.startsWith('[')).length;
  if (positionals.length < least || positionals.length > wanted.takes.length) throw new Stop('usage', usage(wanted).trimEnd());
  const { json, text, exit } = await wanted.run({ arguments: positionals, options: values, api: findApi(world), world, paint: paintFor(world.hasColour && values['json'] !== true) });
  world.say(values['json'] === true && json !== undefined ? `${JSON.stringify(json, null, 2)}\n` : text);
  return exit === undefined ? exitCodes.done : exitCodes[exit];
}

function parsed({ options, ...wanted }: Command, args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: { ...options, json: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } }, allowPositionals: true, strict: true });
  } catch (error) {
    throw new Stop('usage', `${error instanceof Error ? error.message.split('. ')[0] : String(error)}.\n${usage({ options, ...wanted }).trimEnd()}`);
  }
}

function usage({ name, takes, summary, help: lines = [] }: Command): string {
  const width = Math.max(0, ...lines.map(([option]) => option.length));
  return `tipring ${[name, ...takes].join(' ')}${lines.length > 0 ? ' …' : ''}\n  ${summary}\n${lines.map(([option, text]) => `  ${option.padEnd(width)}  ${text}\n`).join('')}`;
}

function help(): string {
  const calls = commands.map(({ name, takes, summary }) => [[name, ...takes].join(' '), summary] as const);
  const width = Math.max(...calls.map(([call]) => call.length));
  return `tipring COMMAND …\n\n${calls.map(([call, summary]) => `  ${call.padEnd(width)}  ${summary}\n`).join('')}
  --json  for programs; --help  of a command

Which Tipring: TIPRING_URL and TIPRING_KEY; else the one whose data folder is TIPRING_DATA, or .tipring in this checkout.
TIPRING_PASSPHRASE seals the secrets of an export, and opens them in plan and apply.
Ends with 0: done, 1: refused, 2: not understood, 3: not reached or key not taken, 4: plan --check found differences.
`;
}
