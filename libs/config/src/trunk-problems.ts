import type { ConfigurationProblem } from './result.ts';
import type { Trunk } from './trunk.ts';

/** What is wrong with trunks, each by itself and together. Of a row whose own fields are not sound nothing is said. */
export function trunkProblems(trunks: readonly Trunk[], isSound: (row: object) => boolean): readonly ConfigurationProblem[] {
  const sound = [...trunks.entries()].filter(([, trunk]) => isSound(trunk));
  return [...sound.flatMap(([at, trunk]) => ownProblems(trunk, `/trunks/${at}`)), ...sharedIdentities(sound)];
}

function ownProblems({ identity, sessionTimer, codecs, tariff, peering, server, outboundProxy }: Trunk, pointer: string): readonly ConfigurationProblem[] {
  const problems: ConfigurationProblem[] = [];
  if (identity.caller === 'fixed' && identity.number === null) problems.push({ code: 'contradiction', pointer: `${pointer}/identity/number`, hint: 'A fixed caller needs the number that is shown.' });
  if (sessionTimer.expiresS !== 0 && sessionTimer.expiresS < sessionTimer.minimumS) problems.push({ code: 'contradiction', pointer: `${pointer}/sessionTimer`, hint: '`expiresS` is 0 or at least `minimumS` (RFC 4028 4).' });
  if (new Set(codecs).size < codecs.length) problems.push({ code: 'notUnique', pointer: `${pointer}/codecs`, hint: 'Name each codec once.' });
  // A proxy is who is spoken with, so its transport counts.
  const { transport } = outboundProxy ?? server;
  if (peering.type === 'certificate' && transport !== 'tls' && transport !== null) problems.push({ code: 'contradiction', pointer: `${pointer}/${outboundProxy === null ? 'server' : 'outboundProxy'}/transport`, hint: 'Certificates are shown by TLS alone: set the transport to tls.' });
  return [...problems, ...tariffProblems(tariff, pointer)];
}

export function tariffProblems(tariff: Trunk['tariff'], pointer: string): readonly ConfigurationProblem[] {
  const prefixes = new Set<string>();
  return (tariff?.rates ?? []).flatMap(({ prefix }, at): readonly ConfigurationProblem[] => {
    const isFirst = !prefixes.has(prefix);
    prefixes.add(prefix);
    return isFirst ? [] : [{ code: 'notUnique', pointer: `${pointer}/tariff/rates/${at}/prefix`, hint: `There is a rate for ${prefix} already.` }];
  });
}

/**
 * By what a call or an answer is known to be of a trunk. Two that are switched on and have the same could not be told apart. Told of the later one.
 */
function sharedIdentities(trunks: readonly (readonly [number, Trunk])[]): readonly ConfigurationProblem[] {
  const owners = new Map<string, string>();
  const problems: ConfigurationProblem[] = [];
  for (const [at, trunk] of trunks) {
    if (!trunk.isEnabled) continue;
    for (const { mark, place, what } of marksOf(trunk)) {
      const owner = owners.get(mark);
      if (owner === undefined) owners.set(mark, trunk.key);
      else if (owner !== trunk.key) problems.push({ code: 'notUnique', pointer: `/trunks/${at}${place}`, hint: `The trunk ${owner} has ${what} too, and nothing tells them apart. Put them together, or switch one off.` });
    }
  }
  return problems;
}

interface Mark {
  readonly mark: string;
  readonly place: string;
  readonly what: string;
}

function marksOf({ peering, server, domain }: Trunk): readonly Mark[] {
  const host = server.host.toLowerCase();
  const there = `${host}:${server.port ?? ''}`;
  switch (peering.type) {
    case 'registration': return [{ mark: `registration ${peering.username}@${(domain ?? host).toLowerCase()} ${there}`, place: '/peering/username', what: `the account ${peering.username} at ${server.host}` }];
    case 'certificate': return peering.names.map((name, at) => ({ mark: `certificate ${name.toLowerCase()}`, place: `/peering/names/${at}`, what: `the certificate’s name ${name}` }));
    // Without sources it is known by what its server’s name resolves to, and that is known when it is asked: there is a warning for that.
    case 'address': return peering.sources.map((source, at) => ({ mark: `source ${plain(source)}`, place: `/peering/sources/${at}`, what: `calls from ${source}` }));
  }
}

/** 192.0.2.10/32 is 192.0.2.10. */
function plain(source: string): string {
  const lower = source.toLowerCase();
  return lower.includes(':') ? lower.replace(/\/128$/, '') : lower.replace(/\/32$/, '');
}
