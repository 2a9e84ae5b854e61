import { Stop, type World } from './world.ts';

interface Place {
  /** Ends with /api/v1. */
  readonly url: string;
  readonly key: string;
}

interface Problem {
  readonly title?: string;
  readonly code?: string;
  readonly hint?: string;
  readonly pointer?: string;
  readonly problems?: readonly { readonly pointer: string; readonly hint: string }[];
}

export interface Asking {
  readonly body?: object;
  /** A document, as it stands in its file. */
  readonly text?: string;
  readonly passphrase?: string | undefined;
  readonly accept?: string;
}

/** The REST API of one Tipring. What it refuses ends the command with its hint. */
export class Api {
  readonly #place: Place;

  constructor(place: Place) {
    this.#place = place;
  }

  get url(): string {
    return this.#place.url;
  }

  // Every answer has the shape that the OpenAPI document gives it; the commands name what they use of it.
  async get<Answer>(path: string, asking: Asking = {}): Promise<Answer> {
    return (await this.#ask('GET', path, asking)) as Answer;
  }

  async post<Answer>(path: string, asking: Asking = {}): Promise<Answer> {
    return (await this.#ask('POST', path, { body: {}, ...asking })) as Answer;
  }

  /** All pages of a list. */
  async all<Item>(path: string): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page: { readonly items: readonly Item[]; readonly next: string | null } = await this.get(`${path}?limit=500${after === '' ? '' : `&after=${encodeURIComponent(after)}`}`);
      items.push(...page.items);
      after = page.next;
    }
    return items;
  }

  async #ask(method: string, path: string, { body, text, passphrase, accept }: Asking): Promise<unknown> {
    const headers: Record<string, string> = { authorization: `Bearer ${this.#place.key}`, accept: accept ?? 'application/json' };
    if (passphrase !== undefined) headers['tipring-passphrase'] = passphrase;
    if (text !== undefined) headers['content-type'] = 'application/yaml';
    else if (method !== 'GET') headers['content-type'] = 'application/json';
    const sent = method === 'GET' ? {} : { body: text ?? JSON.stringify(body) };
    const response = await fetch(this.#place.url + path, { method, headers, ...sent }).catch((error: unknown) => {
      throw new Stop('unreachable', `Tipring does not answer at ${this.#place.url} (${reasonOf(error)}).\nIs it running? Start it with npm start, or name another one with TIPRING_URL.`);
    });
    const answer = await response.text();
    const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '');
    if (response.ok) return isJson && accept === undefined ? JSON.parse(answer) : answer;
    throw refusal(response.status, isJson ? (JSON.parse(answer) as Problem) : {}, this.#place.url);
  }
}

/** TIPRING_URL and TIPRING_KEY, or what a Tipring on this machine left in its data folder. */
export function findApi({ environment, firstStart, read }: World): Api {
  const { TIPRING_URL: url, TIPRING_KEY: key } = environment;
  if (url !== undefined && key !== undefined) return new Api({ url: withPath(url), key });
  const left = read(firstStart);
  if (left === undefined) {
    throw new Stop('unreachable', `Which Tipring? There is no ${firstStart} here.\nSet TIPRING_URL and TIPRING_KEY, or TIPRING_DATA to the data folder of the one on this machine.`);
  }
  const first = JSON.parse(left) as { readonly apiUrl: string; readonly apiKey: string };
  return new Api({ url: withPath(url ?? first.apiUrl), key: key ?? first.apiKey });
}

function withPath(url: string): string {
  const base = url.replace(/\/+$/, '');
  return base.endsWith('/api/v1') ? base : `${base}/api/v1`;
}

function refusal(status: number, { title, code, hint, pointer, problems }: Problem, url: string): Stop {
  if (status === 401 || status === 403) return new Stop('unreachable', `${title ?? 'The key is not taken'} at ${url}.\n${hint ?? 'Set TIPRING_KEY.'}`);
  const places = problems ?? (pointer === undefined || pointer === '' ? [] : [{ pointer, hint: hint ?? '' }]);
  if (places.length === 0) return new Stop('refused', `${title ?? `HTTP ${status}`}${hint === undefined ? '' : `.\n${hint}`}`);
  const lines = places.map((one) => `  ${one.pointer === '' ? '(whole)' : one.pointer}: ${one.hint}`);
  const head = places.length === 1 ? (title ?? code ?? 'Refused') : `${places.length} problems`;
  return new Stop('refused', `${head}:\n${lines.join('\n')}`);
}

function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return cause instanceof Error ? cause.message : String(cause);
}
