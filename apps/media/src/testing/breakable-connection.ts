import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to the gateway that can be lost as a network loses it. */
export interface BreakableConnection {
  /** Where a client connects. */
  readonly path: string;
  /** What is connected is lost, and nobody can connect until `mend`. */
  lose(): void;
  mend(): void;
  close(): void;
}

export async function breakable(socket: string): Promise<BreakableConnection> {
  const path = `${socket}.${++made}.proxy`;
  const open = new Set<Socket>();
  const accept = (client: Socket): void => {
    const gateway = connect(socket);
    for (const [from, to] of [[client, gateway], [gateway, client]] as const) {
      open.add(from);
      from.pipe(to);
      from.on('error', () => {});
      from.on('close', () => {
        open.delete(from);
        to.destroy();
      });
    }
  };
  let server: Server | null = null;
  const mend = (): Promise<void> => new Promise((resolve) => (server === null ? (server = createServer(accept)).listen(path, resolve) : resolve()));
  const lose = (): void => {
    server?.close();
    server = null;
    open.forEach((one) => one.destroy());
  };
  await mend();
  return { path, lose, mend: () => void mend(), close: lose };
}

let made = 0;
