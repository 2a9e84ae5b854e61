/** What a command needs of the machine it runs on. */
export interface World {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where a Tipring on this machine left its address and its first key. */
  readonly firstStart: string;
  /** Somebody can be asked. */
  readonly isTerminal: boolean;
  readonly hasColour: boolean;
  say(text: string): void;
  complain(text: string): void;
  /** `-`: what is piped in. undefined: there is no such file. */
  read(path: string): string | undefined;
  write(path: string, text: string): void;
  ask(question: string): Promise<boolean>;
}

/** What the shell is told. */
export const exitCodes = {
  done: 0,
  /** The system said no, or something is wrong with the document. */
  refused: 1,
  /** The command was not understood. */
  usage: 2,
  /** The system cannot be reached, or does not take the key. */
  unreachable: 3,
  /** `plan --check`: there are differences. */
  different: 4,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** Ends a command; what is said tells what to do next. */
export class Stop extends Error {
  readonly code: ExitCode;

  constructor(code: keyof typeof exitCodes, text: string) {
    super(text);
    this.code = exitCodes[code];
  }
}
