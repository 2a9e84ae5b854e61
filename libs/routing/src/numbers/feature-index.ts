import { type Feature, featureArguments, type Snapshot } from '@tipring/config';
import { PatternIndex } from './pattern-index.ts';

/** A code that was dialled, and what came behind it. */
export interface DialledFeature {
  readonly feature: Feature;
  readonly argument: string;
}

/** Codes by what is dialled. None is the beginning of another. */
export class FeatureIndex {
  readonly #byCode: ReadonlyMap<string, Feature>;

  /** Numbers outside that begin with * or #, as an outbound route has them: whoever wrote it means it. */
  readonly #outside = new PatternIndex<true>();
  readonly #prefixes: readonly string[];

  constructor({ settings, outboundRoutes }: Pick<Snapshot, 'settings' | 'outboundRoutes'>) {
    const codes = settings.featureCodes;
    const routes = [...outboundRoutes.values()].filter(({ isEnabled }) => isEnabled);
    this.#prefixes = routes.map(({ match }) => match.prefix).filter(isCode);
    for (const { match } of routes) if (match.prefix === '') for (const pattern of match.numbers) if (isCode(pattern)) this.#outside.add(pattern, true);
    this.#byCode = new Map((Object.keys(featureArguments) as Feature[]).flatMap((feature) => (codes[feature] === null ? [] : [[codes[feature], feature]])));
  }

  /** Undefined: it is none. A # at the end is how people say that they are done. */
  dialled(number: string): DialledFeature | undefined {
    if (!isCode(number) || this.#outside.fits(number) || this.#prefixes.some((prefix) => number.startsWith(prefix))) return undefined;
    for (let length = 2; length <= LONGEST && length <= number.length; length += 1) {
      const feature = this.#byCode.get(number.slice(0, length));
      if (feature === undefined) continue;
      const argument = number.slice(length).replace(/#$/, '');
      return takes(featureArguments[feature], argument) ? { feature, argument } : undefined;
    }
    return undefined;
  }
}

function isCode(text: string): boolean {
  return text.startsWith('*') || text.startsWith('#');
}

function takes(takes: (typeof featureArguments)[Feature], argument: string): boolean {
  if (argument === '') return takes !== 'number';
  return takes !== 'nothing' && /^[0-9]{1,32}$/.test(argument);
}

/** As the configuration has them. */
const LONGEST = 6;
