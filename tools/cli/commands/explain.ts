import { type Call, type Command, optionOf } from '../command.ts';
import { localTime, type Paint, table } from '../text.ts';
import { Stop } from '../world.ts';

interface Answer {
  readonly ok: boolean;
  readonly emergency: string | null;
  readonly explanation: {
    readonly at: string;
    readonly number: string;
    readonly caller: { readonly kind: string; readonly key: string };
    readonly steps: readonly { readonly what: { readonly kind: string; readonly key: string }; readonly verdict: string; readonly text: string }[];
    readonly candidates: readonly { readonly kind: string; readonly key: string; readonly via: string; readonly state: string; readonly stateText: string; readonly number: string; readonly shown: string | null; readonly cost: number | null; readonly tried: boolean }[];
    readonly decision: { readonly is: string; readonly to?: string; readonly direction?: string; readonly class?: string; readonly e164?: string | null; readonly cause?: string; readonly text?: string; readonly pinSet?: string };
  };
}

export const explain: Command = {
  name: 'explain',
  takes: ['FROM', '[TO]'],
  options: { at: { type: 'string' }, caller: { type: 'string' }, state: { type: 'string', multiple: true }, pin: { type: 'string' } },
  summary: 'where a call would go, and why. FROM: an extension, trunk:KEY or line:KEY',
  help: [['--at 2026-12-24T18:00', 'as if it were then'], ['--caller +4930…', 'who calls, of a call that comes in'], ['--state carrier=down', 'as if that trunk or line were so; may be said more than once'], ['--pin 1234', 'as if the caller dialled it when asked']],
  async run(call) {
    const { api, paint } = call;
    const [from = '', to] = call.arguments;
    const at = optionOf(call, 'at');
    const [caller, pin] = [optionOf(call, 'caller'), optionOf(call, 'pin')];
    const body = {
      from: callerOf(from),
      ...(to === undefined ? {} : { to }),
      ...(at === undefined ? {} : { at: instantOf(at) }),
      ...(caller === undefined ? {} : { callerNumber: caller }),
      ...(pin === undefined ? {} : { pin }),
      states: statesOf(call),
    };
    const answer = await api.post<Answer>('/routing/explain', { body });
    return { json: answer, text: explanationText(answer, paint) };
  },
};

function callerOf(text: string): object {
  const [, kind, key] = /^(trunk|line|extension):(.+)$/.exec(text) ?? [];
  return kind === undefined ? { extension: text } : { [kind]: key };
}

/** By the clock of this machine, unless it says otherwise. */
function instantOf(text: string): string {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new Stop('usage', `--at ${text}: say for instance 2026-12-24T18:00 or 2026-12-24T17:00:00Z.`);
  return new Date(ms).toISOString();
}

function statesOf({ options }: Call): Record<string, string> {
  const given = Array.isArray(options['state']) ? (options['state'] as readonly string[]) : [];
  return Object.fromEntries(given.map((one) => {
    const [, name, state] = /^(.+)=(\w+)$/.exec(one) ?? [];
    if (name === undefined || state === undefined) throw new Stop('usage', `--state ${one}: say for instance carrier=down.`);
    return [name, state];
  }));
}

function explanationText({ ok, emergency, explanation }: Answer, paint: Paint): string {
  const { steps, candidates, decision, caller, number, at } = explanation;
  const signs: Readonly<Record<string, string>> = { matched: paint('green', '✓'), applied: paint('green', '✓'), passed: paint('green', '✓'), notMatched: paint('dim', '·'), refused: paint('red', '✗') };
  const rows = candidates.map(({ kind, key, via, state, stateText, number: given, shown, cost, tried }, place) => [
    tried ? `${candidates.slice(0, place + 1).filter((one) => one.tried).length}.` : '–', `${kind} ${key}`, via, state, given, shown ?? '', cost === null ? '' : String(cost), stateText,
  ]);
  return [
    paint('bold', `${wordsOf(caller.kind)} ${caller.key} → ${number}, ${localTime(at)}`),
    ...steps.map(({ what, verdict, text }) => `${signs[verdict] ?? ' '} ${wordsOf(what.kind)} ${what.key}: ${text}`),
    ...(rows.length === 0 ? [] : ['', table(['', 'WAY', 'BY', 'STATE', 'GIVEN', 'SHOWN', 'COST', ''], rows, paint, '').trimEnd()]),
    '',
    (emergency === null ? '' : `${paint('bold', 'Emergency')}: `) + (ok ? paint('green', decisionText(decision)) : paint('red', decisionText(decision))),
    '',
  ].join('\n');
}

function decisionText({ is, to, direction, class: kind, e164, cause, text, pinSet }: Answer['explanation']['decision']): string {
  if (is === 'routed') return `Goes to ${to} (${direction}${kind === undefined || kind === 'internal' ? '' : `, ${kind}`}${e164 === null || e164 === undefined ? '' : `, ${e164}`}).`;
  return is === 'asksPin' ? `The caller is asked for a PIN of ${pinSet}.` : `Refused: ${text} (${cause})`;
}

function wordsOf(kind: string): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
