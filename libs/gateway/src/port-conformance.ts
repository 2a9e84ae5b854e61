import { accepted, clauses, type GatewayUnderTest, isTrue, refused, same } from './conformance-bed.ts';
import type { Gateway } from './contract.ts';
import type { PortGatewayEvent, PortHappening, PortName } from './port-contract.ts';

/** A gateway with a card in it, all of whose ports are closed. */
export interface PortsUnderTest extends GatewayUnderTest {
  readonly card: string;
  /** A line of the telephone company is plugged in, with battery and normal polarity. */
  readonly fxo: PortName;
  /** A telephone is plugged in, on hook. */
  readonly fxs: PortName;
  /** The telephone's handset; also while the connection is lost. */
  handset(hook: 'off' | 'on'): Promise<void>;
}

/** What every gateway that has analog ports owes its controller, beside `gatewayConformance`. */
export function portConformance(test: (name: string, run: () => Promise<void>) => void, make: () => Promise<PortsUnderTest>): void {
  const clause = clauses(test, async () => {
    const made = await make();
    return { ...made, happened: new Happenings(made.gateway) };
  }, undefined);

  clause('cards are described with their ports, by serial and number', async (gateway, { card, fxo, fxs }) => {
    const { cards } = await accepted(gateway, { do: 'cards' });
    const described = cards.find(({ serial }) => serial === card);
    const of = (name: PortName) => described?.ports.find(({ port }) => port === name);
    same([of(fxo)?.capabilities.kind, of(fxo)?.settings.kind, of(fxo)?.isOpen], ['fxo', 'fxo', false]);
    same([of(fxs)?.capabilities.kind, of(fxs)?.settings.kind, of(fxs)?.isOpen], ['fxs', 'fxs', false]);
    same(`${card}/${of(fxo)?.number}`, fxo);
  });

  clause('a port that is not there is noSuchPort, and one that is not open is closed', async (gateway, { card, fxo }) => {
    const unknown = `${card}/32`;
    for (const command of [{ do: 'openPort', port: unknown }, { do: 'closePort', port: unknown }, { do: 'play', port: unknown, sounds: [] }, { do: 'measurePort', port: 'no such card/1' }] as const) same((await refused(gateway, command)).code, 'noSuchPort');
    for (const command of [{ do: 'closePort', port: fxo }, { do: 'inspectPort', port: fxo }, { do: 'measurePort', port: fxo }, { do: 'listen', port: fxo, listening: {} }, { do: 'commandPort', port: fxo, command: { do: 'hook', hook: 'off' } }] as const) same((await refused(gateway, command)).code, 'closed');
    same((await refused(gateway, { do: 'addPort', context: 'c', termination: 'a', port: fxo, codec: 'PCMA' })).code, 'closed');
    same((await refused(gateway, { do: 'inspect', context: 'c' })).code, 'noSuchContext');
  });

  clause('a line that is opened says how it is, and its hook is told when it changes', async (gateway, { fxo, happened }) => {
    const { isOpen, capabilities } = await accepted(gateway, { do: 'openPort', port: fxo });
    isTrue(isOpen, 'it is open');
    await happened.until(fxo, ({ type }) => type === 'portHook');
    const first = happened.of(fxo);
    isTrue(first.some((is) => is.type === 'battery' && is.present), 'battery is told');
    isTrue(first.some((is) => is.type === 'polarity' && is.polarity === 'normal') === (capabilities.kind === 'fxo' && capabilities.seesPolarity), 'polarity is told where it is seen');
    isTrue(first.some((is) => is.type === 'portHook' && is.hook === 'on'), 'it begins on hook');
    await accepted(gateway, { do: 'commandPort', port: fxo, command: { do: 'hook', hook: 'off' } });
    await happened.until(fxo, (is) => is.type === 'portHook' && is.hook === 'off');
    happened.forget();
    await accepted(gateway, { do: 'inspectPort', port: fxo });
    await happened.until(fxo, (is) => is.type === 'portHook' && is.hook === 'off');
  });

  clause('a telephone is heard to be lifted and put down', async (gateway, { fxs, happened, handset }) => {
    await accepted(gateway, { do: 'openPort', port: fxs });
    await happened.until(fxs, (is) => is.type === 'hook' && is.hook === 'on');
    await handset('off');
    await happened.until(fxs, (is) => is.type === 'hook' && is.hook === 'off');
    await handset('on');
    await happened.until(fxs, (is) => is.type === 'hook' && is.hook === 'on', 2);
  });

  clause('what a port cannot do is unsupported, and all of a change is refused or none', async (gateway, { fxo, fxs }) => {
    const { settings } = await accepted(gateway, { do: 'openPort', port: fxo, settings: { receiveGainDb: 2 } });
    same(settings.receiveGainDb, 2);
    same((await refused(gateway, { do: 'configurePort', port: fxo, settings: { receiveGainDb: 3, loopMilliamps: 20 } as never })).code, 'unsupported');
    same((await accepted(gateway, { do: 'configurePort', port: fxo, treatment: { echo: null } })).settings.receiveGainDb, 2);
    same((await refused(gateway, { do: 'commandPort', port: fxo, command: { do: 'ringStop' } })).code, 'unsupported');
    await accepted(gateway, { do: 'openPort', port: fxs });
    same((await refused(gateway, { do: 'commandPort', port: fxs, command: { do: 'hook', hook: 'off' } })).code, 'unsupported');
    same((await accepted(gateway, { do: 'configurePort', port: fxo, treatment: { silentMs: 5_000 } })).treatment.echo, null);
  });

  clause('a port is an end of one context at a time, and the audit says which', async (gateway, { fxo, fxs }) => {
    for (const port of [fxo, fxs]) await accepted(gateway, { do: 'openPort', port });
    await accepted(gateway, { do: 'addPort', context: 'c', termination: 'a', port: fxo, codec: 'PCMA' });
    same((await refused(gateway, { do: 'addPort', context: 'c', termination: 'a', port: fxs, codec: 'PCMA' })).code, 'terminationExists');
    same((await refused(gateway, { do: 'addPort', context: 'd', termination: 'b', port: fxo, codec: 'PCMA' })).code, 'portTaken');
    await accepted(gateway, { do: 'addPort', context: 'c', termination: 'b', port: fxs, codec: 'PCMU' });
    await accepted(gateway, { do: 'topology', context: 'c', joined: [['a', 'b']] });
    await accepted(gateway, { do: 'modifyPort', context: 'c', termination: 'b', codec: 'PCMA' });
    same((await refused(gateway, { do: 'modify', context: 'c', termination: 'a', mode: 'inactive' })).code, 'badCommand');
    same((await refused(gateway, { do: 'signal', context: 'c', termination: 'a', signal: { type: 'silence' } })).code, 'badCommand');
    const { contexts, ports } = await accepted(gateway, { do: 'audit' });
    same(contexts[0]?.terminations.map(({ termination, port, local, remote }) => ({ termination, port, local, remote })), [{ termination: 'a', port: fxo, local: null, remote: null }, { termination: 'b', port: fxs, local: null, remote: null }]);
    same([...ports].sort(), [fxo, fxs].sort());
    await accepted(gateway, { do: 'subtract', context: 'c', termination: 'a' });
    await accepted(gateway, { do: 'addPort', context: 'd', termination: 'a', port: fxo, codec: 'PCMU' });
    await accepted(gateway, { do: 'release', context: 'd' });
    same([...(await accepted(gateway, { do: 'audit' })).ports].sort(), [fxo, fxs].sort());
  });

  clause('a release leaves a line off hook: that is for its machine to end', async (gateway, { fxo, happened }) => {
    await accepted(gateway, { do: 'openPort', port: fxo });
    await accepted(gateway, { do: 'commandPort', port: fxo, command: { do: 'hook', hook: 'off' } });
    await accepted(gateway, { do: 'addPort', context: 'c', termination: 'a', port: fxo, codec: 'PCMU' });
    await accepted(gateway, { do: 'release', context: 'c' });
    await happened.until(fxo, (is) => is.type === 'portHook' && is.hook === 'off');
    happened.forget();
    await accepted(gateway, { do: 'inspectPort', port: fxo });
    await happened.until(fxo, (is) => is.type === 'portHook' && is.hook === 'off');
  });

  clause('what happens while nobody is there is told after the port was opened again', async (gateway, made) => {
    const { fxs, happened } = made;
    await accepted(gateway, { do: 'openPort', port: fxs });
    await happened.until(fxs, (is) => is.type === 'hook');
    happened.forget();
    const listeners: ((state: 'up' | 'down') => unknown)[] = [];
    gateway.onState = (state) => listeners.forEach((listener) => listener(state));
    const [down, up] = (['down', 'up'] as const).map((awaited) => new Promise<void>((resolve) => listeners.push((state) => state === awaited && resolve())));
    made.lose();
    await down;
    await made.handset('off');
    made.comeBack();
    await up;
    const { cards } = await accepted(gateway, { do: 'cards' });
    same(cards.flatMap(({ ports }) => ports).find(({ port }) => port === fxs)?.isOpen, true);
    same(happened.of(fxs), []);
    await accepted(gateway, { do: 'openPort', port: fxs });
    await happened.until(fxs, (is) => is.type === 'hook' && is.hook === 'off');
    await made.handset('on');
    await happened.until(fxs, (is) => is.type === 'hook' && is.hook === 'on');
  });

  clause('a port that was closed tells nothing, and is opened as if anew', async (gateway, { fxo, happened }) => {
    await accepted(gateway, { do: 'openPort', port: fxo });
    await accepted(gateway, { do: 'commandPort', port: fxo, command: { do: 'hook', hook: 'off' } });
    await accepted(gateway, { do: 'closePort', port: fxo });
    same((await refused(gateway, { do: 'inspectPort', port: fxo })).code, 'closed');
    happened.forget();
    await accepted(gateway, { do: 'openPort', port: fxo });
    await happened.until(fxo, (is) => is.type === 'portHook' && is.hook === 'on');
  });
}

/** What the ports of a gateway have told. */
class Happenings {
  #told: { readonly port: PortName; readonly is: PortHappening }[] = [];
  #waiting: (() => void) | null = null;

  constructor(gateway: Gateway) {
    gateway.onPortEvent = (event: PortGatewayEvent) => {
      if (event.event === 'port') this.#told.push(event);
      this.#waiting?.();
    };
  }

  of(port: PortName): readonly PortHappening[] {
    return this.#told.flatMap((one) => (one.port === port ? [one.is] : []));
  }

  /** Until `times` such have been told since the beginning, or since `forget`. */
  async until(port: PortName, matches: (is: PortHappening) => boolean, times = 1): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#waiting = () => {
        if (this.of(port).filter(matches).length < times) return;
        this.#waiting = null;
        resolve();
      };
      this.#waiting();
    });
  }

  forget(): void {
    this.#told = [];
  }
}
