/**
 * The 49 messages of RFC 4475, one row each: what the parser does with it, and what the RFC asks of the whole stack. The
 * bytes are in libs/sip/test-data/rfc4475/NAME.dat.
 */
export interface TortureMessage {
  readonly name: string;
  /** RFC 4475 section. */
  readonly clause: string;
  /** What `parseMessage` says: 'ok', a refusal that is answered, or 'drop'. */
  readonly parser: 'ok' | 'drop' | { readonly status: number; readonly reason: string };
  /**
   * What the whole stack must do. 'wellFormed': processed by its meaning; any answer but 400 and 505 (for a response: taken
   * or ignored, no harm). 'silence': no answer at all. Numbers: one of these statuses.
   */
  readonly stack: 'wellFormed' | 'silence' | readonly number[];
  /** Where the answer is not the parser's, or more than one is right: why. */
  readonly note?: string;
}

const refused = (status: number, reason: string): { readonly status: number; readonly reason: string } => ({ status, reason });

export const tortureMessages: readonly TortureMessage[] = [
  // 3.1.1 valid messages
  { name: 'wsinv', clause: '3.1.1.1', parser: 'ok', stack: 'wellFormed', note: 'To has a tag: 481 where the dialog is not known' },
  { name: 'intmeth', clause: '3.1.1.2', parser: 'ok', stack: [405, 501], note: 'a method nobody knows, RFC 3261 8.2.1' },
  { name: 'esc01', clause: '3.1.1.3', parser: 'ok', stack: 'wellFormed' },
  { name: 'escnull', clause: '3.1.1.4', parser: 'ok', stack: 'wellFormed' },
  { name: 'esc02', clause: '3.1.1.5', parser: 'ok', stack: [405, 501], note: 'RE%47IST%45R is not REGISTER: a method is not unescaped' },
  { name: 'lwsdisp', clause: '3.1.1.6', parser: 'ok', stack: 'wellFormed' },
  { name: 'longreq', clause: '3.1.1.7', parser: 'ok', stack: 'wellFormed' },
  { name: 'dblreq', clause: '3.1.1.8', parser: 'ok', stack: 'wellFormed', note: 'the REGISTER is processed, the INVITE behind it ignored (RFC 3261 18.3)' },
  { name: 'semiuri', clause: '3.1.1.9', parser: 'ok', stack: 'wellFormed' },
  { name: 'transports', clause: '3.1.1.10', parser: 'ok', stack: 'wellFormed' },
  { name: 'mpart01', clause: '3.1.1.11', parser: 'ok', stack: 'wellFormed', note: 'MESSAGE: 405 or 415 where it is not served' },
  { name: 'unreason', clause: '3.1.1.12', parser: 'ok', stack: 'silence', note: 'a response' },
  { name: 'noreason', clause: '3.1.1.13', parser: 'ok', stack: 'silence', note: 'a response' },
  // 3.1.2 invalid messages
  { name: 'badinv01', clause: '3.1.2.1', parser: refused(400, 'Malformed Via'), stack: [400] },
  { name: 'clerr', clause: '3.1.2.2', parser: refused(400, 'Body Shorter Than Content-Length'), stack: [400], note: 'on a stream: more is waited for' },
  { name: 'ncl', clause: '3.1.2.3', parser: refused(400, 'Negative Content-Length'), stack: [400], note: 'on a stream: 400, then the connection is closed' },
  { name: 'scalar02', clause: '3.1.2.4', parser: refused(400, 'Malformed CSeq'), stack: [400] },
  { name: 'scalarlg', clause: '3.1.2.5', parser: 'drop', stack: 'silence', note: 'a response' },
  { name: 'quotbal', clause: '3.1.2.6', parser: refused(400, 'Malformed To'), stack: [400] },
  { name: 'ltgtruri', clause: '3.1.2.7', parser: refused(400, 'Malformed Request-URI'), stack: [400] },
  { name: 'lwsruri', clause: '3.1.2.8', parser: refused(400, 'Malformed Request-URI'), stack: [400] },
  { name: 'lwsstart', clause: '3.1.2.9', parser: refused(400, 'Malformed Request-URI'), stack: [400] },
  { name: 'trws', clause: '3.1.2.10', parser: refused(400, 'Malformed Request-Line'), stack: [400] },
  { name: 'escruri', clause: '3.1.2.11', parser: refused(400, 'Malformed Request-URI'), stack: [400] },
  { name: 'baddate', clause: '3.1.2.12', parser: 'ok', stack: 'wellFormed', note: 'Date is not looked at, and may be ignored' },
  { name: 'regbadct', clause: '3.1.2.13', parser: 'ok', stack: [400], note: 'parseContacts refuses the Contact: the registrar answers 400' },
  { name: 'badaspec', clause: '3.1.2.14', parser: refused(400, 'Malformed To'), stack: [400] },
  { name: 'baddn', clause: '3.1.2.15', parser: refused(400, 'Malformed From'), stack: [400] },
  { name: 'badvers', clause: '3.1.2.16', parser: refused(505, 'Version Not Supported'), stack: [505] },
  { name: 'mismatch01', clause: '3.1.2.17', parser: refused(400, 'CSeq Method Mismatch'), stack: [400] },
  { name: 'mismatch02', clause: '3.1.2.18', parser: refused(400, 'CSeq Method Mismatch'), stack: [400, 501] },
  { name: 'bigcode', clause: '3.1.2.19', parser: 'drop', stack: 'silence', note: 'a response' },
  // 3.2 transaction layer
  { name: 'badbranch', clause: '3.2.1', parser: 'ok', stack: 'wellFormed', note: 'the cookie and nothing after it: matched as RFC 2543 did, or as it is' },
  // 3.3 application layer
  { name: 'insuf', clause: '3.3.1', parser: refused(400, 'Missing From'), stack: [400] },
  { name: 'unkscm', clause: '3.3.2', parser: 'ok', stack: [416] },
  { name: 'novelsc', clause: '3.3.3', parser: 'ok', stack: [416] },
  { name: 'unksm2', clause: '3.3.4', parser: 'ok', stack: [400, 401, 403, 404], note: 'the address-of-record is no SIP URI' },
  { name: 'bext01', clause: '3.3.5', parser: 'ok', stack: [420] },
  { name: 'invut', clause: '3.3.6', parser: 'ok', stack: [415] },
  { name: 'regaut01', clause: '3.3.7', parser: 'ok', stack: [401, 403], note: 'credentials of an unknown scheme are ignored: challenged' },
  { name: 'multi01', clause: '3.3.8', parser: refused(400, 'Multiple CSeq'), stack: [400] },
  { name: 'mcl01', clause: '3.3.9', parser: refused(400, 'Multiple Content-Length'), stack: [400] },
  { name: 'bcast', clause: '3.3.10', parser: 'ok', stack: 'silence', note: 'a 200 whose Via is not ours: dropped by the transport (RFC 3261 18.1.2)' },
  { name: 'zeromf', clause: '3.3.11', parser: 'ok', stack: [200, 404, 483], note: 'OPTIONS: its last recipient may answer as it likes' },
  { name: 'cparam01', clause: '3.3.12', parser: 'ok', stack: 'wellFormed', note: 'unknownparam is the header\'s' },
  { name: 'cparam02', clause: '3.3.13', parser: 'ok', stack: 'wellFormed', note: 'unknownparam is the URI\'s' },
  { name: 'regescrt', clause: '3.3.14', parser: 'ok', stack: 'wellFormed', note: 'the Route in the contact URI is kept' },
  { name: 'sdp01', clause: '3.3.15', parser: 'ok', stack: [406, 488], note: 'Accept names no body we could answer with' },
  // 3.4 backward compatibility
  { name: 'inv2543', clause: '3.4.1', parser: 'ok', stack: 'wellFormed', note: 'no branch, no Max-Forwards, no Content-Length' },
];
