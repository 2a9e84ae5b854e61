import type { HeaderLines } from '@tipring/sip';
import type { DialRequest } from '@tipring/telephony';

/**
 * How a phone is told by INVITE to ring in a certain way, or to answer by itself. `userAgent`: what it said of itself when it registered, by which its
 * maker is known; what makers want differs, and phones pass over what they do not know.
 */
export function alertHeaders({ answerMode, alertInfo }: Pick<DialRequest, 'answerMode' | 'alertInfo'>, userAgent: string | undefined, domain: string): HeaderLines {
  if (answerMode === undefined && alertInfo === undefined) return [];
  const maker = userAgent === undefined ? anybody : (makers.find(({ known }) => known.test(userAgent)) ?? anybody);
  if (answerMode === 'auto') return maker.answers(domain);
  // Nothing of a name may end the value or begin another.
  const name = (alertInfo ?? '').replaceAll(/[^\w .+-]/g, '').trim();
  return name === '' ? [] : [['Alert-Info', maker.rings(name, domain)]];
}

interface Maker {
  /** Of its User-Agent. */
  readonly known: RegExp;
  readonly answers: (domain: string) => HeaderLines;
  /** Value of Alert-Info. */
  readonly rings: (name: string, domain: string) => string;
}

const answerAfter = (domain: string) => ['Call-Info', `<sip:${domain}>;answer-after=0`] as const;
const autoAnswer = (domain: string) => ['Alert-Info', `<http://${domain}>;info=alert-autoanswer;delay=0`] as const;
const alert = (text: string) => (): HeaderLines => [['Alert-Info', text]];

const plain: Maker['rings'] = (name) => name;
const info: Maker['rings'] = (name, domain) => `<http://${domain}>;info=${/^[\w.+-]+$/.test(name) ? name : `"${name}"`}`;
/** Of the names that are kinds of callers they know words of their own. */
const infoAlert: Maker['rings'] = (name, domain) => info(/^(?:internal|external|group|community|emergency|priority)$/.test(name) ? `alert-${name}` : name, domain);

/** RFC 5373 4.1, BroadWorks' Call-Info and the Alert-Info of snom: one of these is what most take (Yealink, Grandstream, Gigaset, Fanvil, AudioCodes, baresip …). */
const anybody: Maker = { known: /^/, answers: (domain) => [['Answer-Mode', 'Auto'], answerAfter(domain), autoAnswer(domain)], rings: info };

/** After the makers' administration manuals, as of 2025. */
const makers: readonly Maker[] = [
  // Its configuration compares the whole value (voIpProt.SIP.alertInfo.x.value).
  { known: /^(?:Polycom|Poly\/|PolyEdge|PolyVVX)/i, answers: alert('Auto Answer'), rings: plain },
  { known: /^Panasonic/i, answers: alert('Intercom'), rings: plain },
  { known: /^(?:Digium|Sangoma P)/i, answers: alert('ring-answer'), rings: plain },
  // An Alert-Info that names none of its rings keeps these silent.
  { known: /^(?:Cisco|Linksys|Sipura)/i, answers: (domain) => [answerAfter(domain)], rings: plain },
  { known: /^(?:snom|Aastra|Mitel)/i, answers: anybody.answers, rings: infoAlert },
];
