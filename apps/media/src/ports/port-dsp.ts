import {
  AlertToneDetectors,
  type AudioRows,
  AutomaticGains,
  DriftResamplers,
  Dsp,
  DtmfGenerators,
  DtmfReceivers,
  EchoCancellers,
  FaxToneDetectors,
  G711,
  Gains,
  HumFilters,
  lanes,
  LevelMeters,
  NoiseReductions,
  ToneAnalyzers,
  ToneDetectors,
  ToneGenerators,
  VoiceActivity,
  type WebAssemblyModule,
} from '@tipring/dsp';

export type EchoTail = 32 | 64 | 128;

/** All that the DSP does for the ports of a gateway, in one memory. Channel 4g + n is lane n of group g in each of these. */
export class PortDsp {
  readonly dsp: Dsp;
  readonly channels: number;
  readonly g711: G711;
  /** From the line; worked on in place. */
  readonly received: AudioRows;
  /** What the line was sent when the earliest echo in `received` began. */
  readonly reference: AudioRows;
  /** From the link, and what becomes of it with the sounds. */
  readonly fromLink: AudioRows;
  readonly toLine: AudioRows;

  readonly hum: HumFilters;
  readonly cancelled: AudioRows;
  readonly digits: DtmfReceivers;
  readonly analyzers: ToneAnalyzers;
  readonly detectors: ToneDetectors;
  readonly fax: FaxToneDetectors;
  readonly alerts: AlertToneDetectors;
  readonly voice: VoiceActivity;
  readonly gains: Gains;
  readonly noise: NoiseReductions;
  readonly automaticGains: AutomaticGains;
  readonly receivedLevels: LevelMeters;

  readonly farVoice: VoiceActivity;
  readonly farFax: FaxToneDetectors;
  readonly sentLevels: LevelMeters;
  readonly resamplers: DriftResamplers;
  /** One channel more than there are: where a tone is tried before it is promised. */
  readonly tones: ToneGenerators;
  readonly soundDigits: DtmfGenerators;
  readonly callDigits: DtmfGenerators;
  readonly #cancellers = new Map<EchoTail, EchoCancellers>();

  /** `channels` is rounded up to whole groups of four. */
  constructor(module: WebAssemblyModule, channels: number) {
    const groups = Math.ceil(channels / lanes);
    const count = (this.channels = groups * lanes);
    const dsp = (this.dsp = new Dsp(module, { memoryBytes: baseBytes + groups * groupBytes }));
    const rows = (): AudioRows => dsp.rows(count, 160);
    this.g711 = new G711(dsp);
    this.received = rows();
    this.reference = rows();
    this.fromLink = rows();
    this.toLine = rows();
    this.cancelled = rows();
    this.hum = new HumFilters(dsp, count);
    this.digits = new DtmfReceivers(dsp, count);
    this.analyzers = new ToneAnalyzers(dsp, count);
    this.detectors = new ToneDetectors(this.analyzers);
    this.fax = new FaxToneDetectors(dsp, count);
    this.alerts = new AlertToneDetectors(dsp, count);
    this.voice = new VoiceActivity(dsp, count);
    this.gains = new Gains(dsp, count);
    this.noise = new NoiseReductions(dsp, count);
    this.automaticGains = new AutomaticGains(dsp, count);
    this.receivedLevels = new LevelMeters(dsp, count);
    this.farVoice = new VoiceActivity(dsp, count);
    this.farFax = new FaxToneDetectors(dsp, count);
    this.sentLevels = new LevelMeters(dsp, count);
    this.resamplers = new DriftResamplers(dsp, count);
    this.tones = new ToneGenerators(dsp, count + 1);
    this.soundDigits = new DtmfGenerators(dsp, count);
    this.callDigits = new DtmfGenerators(dsp, count);
  }

  /** Made when the first port asks for such a tail; there is room for all three. */
  cancellers(tailMs: EchoTail): EchoCancellers {
    let made = this.#cancellers.get(tailMs);
    if (made === undefined) this.#cancellers.set(tailMs, (made = new EchoCancellers(this.dsp, { channels: this.channels, tailMs })));
    return made;
  }
}

/** The module's own data, tables, filters. */
const baseBytes = 2 * 2 ** 20;
/** Of it 322 KB are the cancellers of the three tails. */
const groupBytes = 448 * 1024;
