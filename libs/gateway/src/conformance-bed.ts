import type { Gateway, GatewayCommand, GatewayRefusal, GatewayReplies } from './contract.ts';

/** A gateway that a test has made for itself. */
export interface GatewayUnderTest {
  /** Up already. */
  readonly gateway: Gateway;
  /** Loses the connection, as a network would; it is expected to come back by itself or by `comeBack`. */
  lose(): void;
  comeBack(): void;
  end(): Promise<void>;
}

/** Registers clauses: each gets what was made for it of what it gives, or of `usual`; that is ended whatever comes of it. */
export function clauses<Made extends GatewayUnderTest, Given>(test: (name: string, run: () => Promise<void>) => void, make: (given: Given) => Promise<Made>, usual: Given) {
  return (name: string, run: (gateway: Gateway, made: Made, given: Given) => Promise<void>, given = usual): void => {
    test(name, async () => {
      const made = await make(given);
      try {
        await run(made.gateway, made, given);
      } finally {
        await made.end();
      }
    });
  };
}

export async function accepted<C extends GatewayCommand>(gateway: Gateway, command: C): Promise<GatewayReplies[C['do']]> {
  return await new Promise((resolve, reject) => {
    gateway.send(command, (reply, refusal) => {
      if (reply === null) reject(new Error(`${command.do} was refused: ${refusal?.code} (${refusal?.text})`));
      else resolve(reply);
    });
  });
}

export async function refused(gateway: Gateway, command: GatewayCommand): Promise<GatewayRefusal | { readonly code: 'gone'; readonly text: string }> {
  return await new Promise((resolve, reject) => {
    gateway.send(command, (_reply, refusal) => {
      if (refusal === null) reject(new Error(`${JSON.stringify(command)} was accepted`));
      else resolve(refusal);
    });
  });
}

export function same(actual: unknown, expected: unknown): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  if (is !== shouldBe) throw new Error(`is ${is}, should be ${shouldBe}`);
}

export function isTrue(holds: boolean, what: string): void {
  if (!holds) throw new Error(`not so: ${what}`);
}
