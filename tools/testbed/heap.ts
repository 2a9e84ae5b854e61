import { once } from 'node:events';
import { pause } from './each.ts';

/** A program that was started with `--inspect=127.0.0.1:PORT`: its garbage can be collected, and its heap be asked for. */
export class InspectedHeap {
  readonly #socket: WebSocket;
  #asked = 0;

  static async of(port: number): Promise<InspectedHeap> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const targets = (await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
        const socket = new WebSocket(targets[0]!.webSocketDebuggerUrl);
        await once(socket, 'open');
        return new InspectedHeap(socket);
      } catch (error) {
        if (attempt === 20) throw error;
        await pause(100);
      }
    }
  }

  private constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  /** Collects twice: what only finalizers held goes the second time. @returns bytes in use afterwards */
  async collect(): Promise<number> {
    await this.#ask('HeapProfiler.collectGarbage');
    await this.#ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.#ask('Runtime.getHeapUsage')) as { usedSize: number };
    return usedSize;
  }

  close(): void {
    this.#socket.close();
  }

  async #ask(method: string): Promise<unknown> {
    const id = (this.#asked += 1);
    const answer = new Promise<unknown>((resolve) => {
      const listen = (event: MessageEvent) => {
        const message = JSON.parse(String(event.data)) as { id?: number; result?: unknown };
        if (message.id !== id) return;
        this.#socket.removeEventListener('message', listen);
        resolve(message.result);
      };
      this.#socket.addEventListener('message', listen);
    });
    this.#socket.send(JSON.stringify({ id, method }));
    return await answer;
  }
}
