import type { ConfigurationDocument } from './forms.ts';
import type { WrittenDestination } from './references.ts';

/** Numbers from 0 to below 1, the same for the same seed (Mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A document that is right, with any number of things of every kind, each field said or left out. */
export function randomDocument(random: () => number): ConfigurationDocument {
  const below = (count: number) => Math.floor(random() * count);
  const one = <Value>(...values: readonly Value[]): Value => values[below(values.length)]!;
  const often = () => random() < 0.6;
  /** Said or not. */
  const may = <Value>(make: () => Value): Value | undefined => (often() ? make() : undefined);
  const list = <Value>(most: number, make: (at: number) => Value): Value[] => Array.from({ length: below(most + 1) }, (_, at) => make(at));
  const some = <Value>(most: number, make: (at: number) => Value): Value[] => Array.from({ length: 1 + below(most) }, (_, at) => make(at));
  const subset = <Value>(values: readonly Value[]): Value[] => values.filter(() => random() < 0.4);
  const named = () => ({ displayName: may(() => one('Front desk', 'Ärger & Söhne', 'yes', '007', ' 12:30 ', 'a: b # c', '"quoted"', 'null', '~', '日本', '- x', '{', '\\', 'line\u2028separator')) });
  /** Keys are unlike: digits alone, words that YAML has for something else, names of what every object has. */
  const keys = (word: string, most: number) => [...new Set(list(most, (at) => one(`${word}-${at}`, `${100 + at}`, `0${at}`, `${word}-no`, 'null', 'constructor', 'true', `${at}e3`)))];
  const objects = <Value>(named: readonly string[], make: (key: string, at: number) => Value): Record<string, Value> | undefined =>
    named.length === 0 && often() ? undefined : Object.fromEntries(named.map((key, at) => [key, make(key, at)]));
  const e164 = () => `+${1 + below(9)}${10_000 + below(999_999_999)}`;
  const pattern = () => one('+49x.', '0[1-9]x.', '1xx', '+1[2-57]xxxxxxxxx', '112', '*9x.', 'x.', '+12125550123');
  const when = () => one('00:00', '08:30', '23:59', '12:00');
  const tariff = () => may(() => ({ currency: one('EUR', 'USD'), rates: [...new Set(list(4, () => `+${one('', '1', '44', '4930')}`))].map((prefix) => ({ prefix, perMinute: one(0, 0.01, 1.5), perCall: one(0, 0.05), incrementS: one(1, 60) })) })) ?? one(null, undefined);
  const secret = () => one('hunter2', 'päss wörd', '1234', 'true', ' leading', 'x'.repeat(256), '\\n', 'a:b');

  const [music, prompts, boxes, ringGroups, queues, menus, rooms, lots, zones, directories] = [
    keys('music', 2), keys('prompt', 2), keys('box', 3), keys('ring', 2), keys('queue', 2), keys('menu', 2), keys('room', 2), keys('lot', 2), keys('zone', 2), keys('names', 1),
  ];
  const [permissions, pinSets, schedules, blocklists, locations, extensions, devices, stations, lines, trunks, inbound, outbound] = [
    keys('permission', 3), keys('pins', 2), keys('hours', 3), keys('spam', 2), keys('floor', 2), keys('desk', 8), keys('phone', 8), keys('wall', 5), keys('line', 6), keys('carrier', 4), keys('in', 4), keys('out', 4),
  ];
  const groups = lines.length === 0 ? [] : keys('group', 2);
  const reference = (named: readonly string[]) => (named.length === 0 ? one(null, undefined) : one(null, undefined, one(...named), one(...named)));
  const carriers = [...trunks.map((trunk) => ({ trunk })), ...groups.map((lineGroup) => ({ lineGroup })), ...lines.map((line) => ({ line }))];
  const condition = () => (schedules.length === 0 ? one(null, undefined) : one({ open: one(...schedules) }, { closed: one(...schedules) }, null, undefined));
  const target = () => one<{ extension: string } | { number: string }>({ number: one('100', '0049301234', '*97') }, ...extensions.map((extension) => ({ extension })));
  const destination = () => one<WrittenDestination>(
    target(), { refusal: one('busy' as const, 'rejected' as const, 'unallocated' as const) }, { application: one('echoTest' as const, 'milliwatt' as const, 'speakingClock' as const) },
    ...ringGroups.map((ringGroup) => ({ ringGroup })), ...queues.map((queue) => ({ queue })), ...boxes.map((voicemail) => ({ voicemail })), ...menus.map((ivr) => ({ ivr })), ...rooms.map((conference) => ({ conference })),
    ...lots.map((parkingLot) => ({ parkingLot })), ...(extensions.length > 0 ? zones : []).map((paging) => ({ paging })), ...prompts.map((announcement) => ({ announcement })), ...directories.map((directory) => ({ directory })),
  );
  const mayDestination = () => one(null, undefined, destination());
  const language = () => one(null, undefined, 'en' as const, 'de' as const);
  let numbers = 0;
  /** No two things have the same. */
  const number = () => one(null, undefined, String(60_000 + (numbers += 1)), String(60_000 + (numbers += 1)));
  const pin = () => one(null, undefined, String(1_000 + below(9_000)));
  const recording = () => may(() => one('never' as const, 'always' as const, 'onDemand' as const));
  const numberForm = () => ({ format: one('asDialled' as const, 'e164' as const, 'national' as const), strip: may(() => below(3)), prepend: may(() => one('', '00', '+')) });
  const server = () => ({ host: one('sip.carrier.example', '192.0.2.10', '2001:db8::1'), port: one(null, undefined, 5060, 5080), transport: one(null, undefined, 'udp' as const, 'tcp' as const, 'tls' as const) });
  let ports = 0;
  const port = () => `${one('SIM-1', 'SIM-1')}/${(ports += 1)}`;

  const document = {
    version: 1 as const,
    settings: may(() => ({
      site: may(() => ({ country: may(() => one('DE', 'US', 'GB')), timeZone: may(() => one('Europe/Berlin', 'UTC')), areaCode: one('30', null, undefined), outsidePrefix: may(() => one('0', '9', '')), mainNumber: one(null, undefined, e164()), permission: reference(permissions) })),
      emergency: may(() => ({ path: may(() => one('analogFirst' as const, 'trunkFirst' as const)), numbers: may(() => subset(['110', '19222'])), testNumbers: may(() => subset(['933'])), preempts: may(() => often()), location: reference(locations), webhooks: may(() => subset(['https://example.org/a?b=c#d'])) })),
      fraud: may(() => ({ concurrent: one(null, undefined, 3), callsPerHour: one(null, undefined, 10), costlyPerHour: one(null, 0), spendPerDay: one(null, 12.5) })),
      sip: may(() => ({ realm: may(() => one('tipring', 'other.example')), maxExpiresS: may(() => 7_200) })),
      guard: may(() => ({ burst: may(() => 100), banS: may(() => 60) })),
      calls: may(() => ({ silenceS: may(() => one(0, 120)) })),
      featureCodes: may(() => ({ voicemail: one(null, undefined, '#1'), pickup: one(null, undefined, '*0', '##'), park: one(null, undefined) })),
      voice: may(() => ({ language: may(() => one('de' as const, 'fr' as const)), musicClass: reference(music) })),
      recording: may(() => ({ calls: may(() => one('never' as const, 'outside' as const, 'all' as const)), keepDays: one(null, undefined, 90) })),
      mail: one(null, undefined, { host: 'mail.example', port: may(() => 25), security: may(() => one('none' as const, 'tls' as const)), credentials: one(null, undefined, { username: 'me', password: secret() }), from: 'pbx@example.org' }),
    })),
    permissions: objects(permissions, () => ({ ...named(), classes: may(() => subset(['national', 'mobile', 'premium'] as const)), countries: one(null, undefined, ['DE', 'NO'], []), allowed: may(() => subset(['+49x.', '1xx'])), denied: may(() => subset(['0900x.'])) })),
    pinSets: objects(pinSets, () => ({ ...named(), pins: some(3, (at) => ({ label: `Person ${at}`, pin: String(1_000 + at * 17) })) })),
    schedules: objects(schedules, () => ({
      ...named(),
      timeZone: may(() => one('Europe/Berlin', 'America/New_York')),
      week: may(() => list(3, () => ({ days: some(2, (at) => one(...(at === 0 ? (['monday', 'sunday'] as const) : (['friday', 'tuesday'] as const)))), from: when(), to: one('24:00', when()) }))),
      holidays: may(() => list(3, (at) => ({ name: `Day ${at}`, from: `2026-0${1 + at}-0${1 + below(8)}`, to: may(() => `2027-0${1 + at}-28`), everyYear: may(often), hours: may(() => list(2, () => ({ from: when(), to: when() }))) }))),
      override: one(null, undefined, 'open' as const, 'closed' as const),
    })),
    blocklists: objects(blocklists, () => ({ ...named(), isEnabled: may(often), direction: may(() => one('inbound' as const, 'outbound' as const)), numbers: may(() => list(3, pattern)), anonymous: may(often), as: may(() => one('busy' as const, 'unallocated' as const)) })),
    emergencyLocations: objects(locations, () => ({ ...named(), address: one('Main street 1\nThird floor', 'Ein Weg 7'), callbackNumber: one(null, undefined, e164()) })),
    extensions: objects(extensions, (_key, at) => ({
      number: String(100 + at),
      ...named(),
      ringTimeoutMs: may(() => 20_000),
      calling: may(() => ({ permission: reference(permissions), location: reference(locations), shownNumber: one(null, undefined, e164()), isLocked: may(often) })),
      forwarding: may(() => ({ always: mayDestination(), busy: mayDestination(), noAnswer: mayDestination(), unreachable: mayDestination() })),
      followMe: may(() => ({ isEnabled: may(often), steps: may(() => list(2, (step) => ({ target: { number: `0${at}${step}` }, afterMs: one(0, 10_000), ringMs: 20_000 }))) })),
      isDoNotDisturb: may(often),
      callers: may(() => ({ allowed: may(() => list(2, pattern)), blocked: may(() => list(2, pattern)), anonymous: may(() => one('taken' as const, 'refused' as const)), others: may(() => one('taken' as const, 'refused' as const)) })),
      voicemailBox: reference(boxes),
      callPickupGroups: may(() => subset(['sales', 'support', '3'])),
      supervises: may(() => subset(extensions)),
      isCallWaiting: may(often),
      record: recording(),
      language: language(),
      wakeUps: may(() => list(2, () => one<{ time: string; on: string } | { time: string; days: ('monday' | 'sunday')[] }>({ time: when(), on: '2026-12-24' }, { time: when(), days: ['monday', 'sunday'] }))),
    })),
    devices: extensions.length === 0 ? undefined : objects(devices, (_key, at) => ({ ...named(), extension: one(...extensions), username: may(() => `user.${at}`), algorithm: may(() => one('MD5' as const, 'SHA-256' as const)), enabled: may(often), password: may(secret) })),
    stations: extensions.length === 0 ? undefined : objects(stations, () => ({ ...named(), extension: one(...extensions), port: port(), region: may(() => one('DE', 'US')), kind: may(() => one('fax' as const, 'door' as const, 'telephone' as const)), isEnabled: may(often), overrides: may(() => one({}, { gains: { sendDb: -3 } }, { ringing: { cadence: [1_000, 4_000], patterns: { door: [200, 200] } }, flash: 'off' as const })) })),
    musicClasses: objects(music, () => ({ ...named(), files: some(2, (at) => `uploads/hold/${at}.wav`), order: may(() => one('listed' as const, 'shuffled' as const)) })),
    prompts: objects(prompts, () => ({ ...named(), spoken: one<{ en: { text: string }; de?: { file: string } }>({ en: { text: 'We are closed.' } }, { en: { text: 'Ärger: # no' }, de: { file: 'uploads/de/closed.wav' } }) })),
    voicemailBoxes: objects(boxes, () => ({
      ...named(), number: number(), pin: pin(), greeting: reference(prompts), operator: mayDestination(), longestMs: may(() => 60_000), shortestMs: may(() => 0), silenceMs: may(() => 5_000), mostMessages: may(() => 10),
      keepDays: one(null, undefined, 30), saysWhen: may(often), mail: one(null, undefined, { to: ['ann@example.org'], attaches: may(often), deletes: may(often) }), language: language(),
    })),
    ringGroups: objects(ringGroups, () => ({
      ...named(), number: number(), members: extensions.length === 0 ? [{ target: { number: '0049' } }] : [...new Set(some(3, () => one(...extensions)))].map((extension) => ({ target: { extension }, afterMs: may(() => 5_000) })),
      strategy: may(() => one('all' as const, 'linear' as const, 'roundRobin' as const, 'leastRecent' as const)), skipsBusy: may(often), memberRingMs: may(() => 10_000), ringMs: may(() => 90_000),
      callerNamePrefix: one(null, undefined, 'Group: '), alertInfo: one(null, undefined, 'door'), otherwise: mayDestination(),
    })),
    queues: objects(queues, () => ({
      ...named(), number: number(), agents: may(() => subset(extensions).map((extension) => ({ extension, tier: may(() => 2), startsLoggedIn: may(often) }))), strategy: may(() => one('all' as const, 'fewestCalls' as const)),
      agentRingMs: may(() => 15_000), retryMs: may(() => 0), wrapUpMs: may(() => 0), mostWaiting: one(null, undefined, 5), longestWaitMs: one(null, undefined, 300_000), withoutAgents: may(() => 'overflow' as const), overflow: mayDestination(),
      musicClass: reference(music), greeting: reference(prompts), announcement: may(() => ({ everyMs: one(null, undefined, 30_000), position: may(often), prompt: reference(prompts) })), callerNamePrefix: one(null, undefined, 'Queue: '),
      record: recording(), language: language(),
    })),
    ivrs: objects(menus, () => ({
      ...named(), number: number(), unless: schedules.length === 0 ? undefined : may(() => list(2, () => ({ schedule: one({ open: one(...schedules) }, { closed: one(...schedules) }), destination: destination() }))),
      prompt: reference(prompts), choices: some(3, (at) => ({ digits: `${at + 1}`, label: `Choice ${at}`, destination: destination() })), dialsExtensions: may(often), firstDigitMs: may(() => 5_000), interDigitMs: may(() => 1_000),
      tries: may(() => 2), invalidPrompt: reference(prompts), onSilence: mayDestination(), onInvalid: mayDestination(), language: language(),
    })),
    conferences: objects(rooms, () => ({
      ...named(), number: number(), pin: pin(), moderatorPin: one('99999', '123456'), mostParties: may(() => 10), announces: may(() => one('nothing' as const, 'name' as const)), startsMuted: may(often), waitsForModerator: may(often),
      endsWithModerator: may(often), record: recording(), musicClass: reference(music), language: language(),
    })),
    parkingLots: objects(lots, (_key, at) => ({ ...named(), number: number(), slots: { first: `7${at}01`, last: `7${at}09` }, timeoutMs: may(() => 45_000), otherwise: mayDestination(), musicClass: reference(music) })),
    pagingZones: extensions.length === 0 ? undefined : objects(zones, () => ({
      ...named(), number: number(), extensions: [one(...extensions)], multicast: may(() => list(2, (at) => ({ address: `239.255.10.${at + 1}`, port: 5_004, codec: may(() => one('PCMA' as const, 'G722' as const)), ttl: may(() => 4) }))),
      preTone: may(() => one('none' as const, 'gong' as const)), prompt: reference(prompts), priority: may(() => 5), interruptsCalls: may(often), longestMs: may(() => 30_000),
    })),
    directories: objects(directories, () => ({ ...named(), number: number(), extensions: one(null, undefined, subset(extensions)), by: may(() => one('lastName' as const, 'firstName' as const)), language: language() })),
    lines: objects(lines, () => ({ ...named(), port: port(), region: may(() => one('DE', 'US')), number: one(null, undefined, e164()), isEnabled: may(often), isCommissioned: may(often), inbound: one(null, undefined, destination()), overrides: may(() => one({}, { guardMs: 900, learnedTones: [{ id: 'odd', tone: { segments: [{ frequenciesHz: [440], durationMs: null }], repeatFrom: null } }] }, { disconnect: { polarity: 'off' as const, tone: { names: ['busy'] } } })) })),
    lineGroups: objects(groups, () => ({ ...named(), lines: [one(...lines), ...lines].filter((line, at, all) => all.indexOf(line) === at), hunt: may(() => one('linear' as const, 'mostIdle' as const)), fromTheEnd: may(often), tariff: tariff() })),
    trunks: objects(trunks, (_key, at) => ({
      ...named(),
      isEnabled: may(often),
      server: server(),
      outboundProxy: one(null, undefined, { host: 'proxy.example', transport: 'tls' as const }),
      domain: one(null, undefined, 'carrier.example'),
      peering: one(
        { type: 'registration' as const, username: `me-${at}`, password: secret(), authenticationName: one(null, undefined, 'auth'), expiresS: may(() => 300) },
        { type: 'address' as const, sources: [`192.0.2.${at}`, `2001:db8::${at}/128`], credentials: one(null, undefined, { username: 'me', password: secret() }) },
      ),
      identity: may(() => ({ caller: one('caller' as const, 'account' as const), number: one(null, undefined, e164()), asserted: may(() => 'none' as const), trusted: may(often) })),
      calledForm: may(numberForm),
      callerForm: may(() => ({ prepend: '0' })),
      inboundForm: may(() => one('national' as const, 'e164' as const)),
      calledIn: may(() => one('to' as const, 'requestUri' as const)),
      redirects: may(() => one('follow' as const, 'refuse' as const)),
      transfers: may(() => one('take' as const, 'refuse' as const)),
      codecs: may(() => one(['PCMU' as const], ['opus' as const, 'PCMA' as const])),
      offer: may(() => one('late' as const, 'early' as const)),
      sessionTimer: may(() => one({ expiresS: 0 }, { minimumS: 120 })),
      limits: may(() => ({ total: one(null, undefined, 4), inbound: one(null, 0), outbound: may(() => 2) })),
      health: may(() => ({ optionsIntervalS: one(null, undefined, 30), ringMs: may(() => 9_000) })),
      tariff: tariff(),
    })),
    inboundRoutes: objects(inbound, () => ({
      ...named(),
      position: may(() => below(5)),
      isEnabled: may(often),
      match: may(() => ({ via: may(() => subset(carriers)), called: may(() => list(2, pattern)), callers: may(() => list(2, pattern)), anonymous: one(null, undefined, true, false), schedule: condition() })),
      destination: destination(),
      callerNamePrefix: one(null, undefined, 'Sales: '),
    })),
    webhooks: objects(keys('hook', 2), () => ({ ...named(), url: one('https://crm.example.org/hook', 'http://192.0.2.7:8080/'), secret: secret().repeat(16).slice(0, 64), isEnabled: may(often), events: may(() => one(['call.*'], ['*'], ['call.ended', 'incident.*'])) })),
    outboundRoutes: objects(outbound, () => ({
      ...named(),
      position: may(() => below(5)),
      isEnabled: may(often),
      match: may(() => ({ prefix: may(() => one('', '0', '9', '*8')), numbers: may(() => list(3, pattern)), classes: may(() => subset(['national', 'international'] as const)), callers: may(() => subset(extensions)), schedule: condition() })),
      pinSet: reference(pinSets),
      order: may(() => one('listed' as const, 'leastCost' as const)),
      attempts: carriers.length === 0 ? [] : list(3, () => ({ via: one(...carriers), number: one(null, undefined, numberForm()), shown: one(null, undefined, e164()) })),
    })),
  };
  // What is undefined is left out, as in any JSON value.
  return JSON.parse(JSON.stringify(document)) as ConfigurationDocument;
}
