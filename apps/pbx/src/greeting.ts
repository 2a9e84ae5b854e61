/** What a person reads when this process has started. */
export interface Greeting {
  readonly isFirstStart: boolean;
  readonly apiUrl: string;
  readonly firstStartPath: string;
  readonly address: string;
  readonly sipPort: number;
  readonly calls: number;
  readonly devices: number;
  /** The port of a simulated telephone, where there is one, and its extension. */
  readonly handset: { readonly extension: string; readonly card: string; readonly port: number } | null;
  readonly afterMs: number;
}

export function greeting(about: Greeting): string {
  const seconds = (about.afterMs / 1000).toFixed(1);
  const api = `${about.apiUrl}, described at ${about.apiUrl.replace(/\/api\/v1$/, '/docs')}`;
  const phones = `server ${about.address}, port ${about.sipPort}, UDP or TCP`;
  if (!about.isFirstStart) {
    const calls = about.calls === 0 ? '' : `, ${counted(about.calls, 'call')} taken back`;
    return `Tipring is ready after ${seconds} s: ${counted(about.devices, 'device')}${calls}.
  Phones    ${phones}
  The API   ${api}
`;
  }
  return `Tipring is ready after ${seconds} s.

This is its first start, so it made a demo office: extensions 101 to 110 and 141 to 150, each with one phone.
Every password is random and stands in ${about.firstStartPath} (readable by you alone).

  To register a phone   ${phones}; user name 101; its password from that file.
                        Register a second one as 102 and dial 102 from the first.
  The API               ${api}
  The API key           "apiKey" in the same file, sent as Authorization: Bearer KEY
${about.handset === null ? '' : simulated(about.apiUrl, about.handset)}`;
}

function simulated(apiUrl: string, { extension, card, port }: NonNullable<Greeting['handset']>): string {
  return `  A simulated handset   of ${extension} is lifted by: curl -H "Authorization: Bearer KEY" --json '{"on":"telephone","port":{"card":"${card}","port":${port}},"do":"lift"}' ${apiUrl}/simulator/acts
                        Then "do":"dial","digits":"101", and so on; GET ${apiUrl}/simulator tells what it hears. 9 and a number goes out over a simulated trunk, or line.
`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
