/**
 * Frames of the agent's protocol (agent/README.md): length of the payload (4 octets, little-endian), type, 0, channel (2), payload.
 */
export declare const headerOctets = 8;
/** What is asked of the agent. */
export declare const ask: {
    readonly hello: 1;
    readonly open: 2;
    readonly close: 3;
    readonly command: 4;
    readonly gains: 5;
    readonly measure: 6;
    readonly block: 7;
    readonly ping: 8;
};
/** What the agent says. */
export declare const say: {
    readonly hello: 1;
    readonly card: 2;
    readonly gone: 3;
    readonly ready: 4;
    readonly answer: 5;
    readonly reading: 6;
    readonly event: 7;
    readonly block: 8;
    readonly patch: 9;
    readonly pong: 10;
    readonly refused: 11;
};
/** `payload` is good until return: from `at`, so many octets. */
export type FrameListener = (type: number, channel: number, payload: Buffer, at: number, length: number) => void;
/** Cuts what arrives into frames. Its memory is taken once. */
export declare class FrameReader {
    #private;
    constructor(listener: FrameListener);
    /** @returns false for what is no frame: the connection is of no use any more */
    take(octets: Uint8Array, count: number): boolean;
    reset(): void;
}
/** Gathers frames to be written at once. */
export declare class FrameWriter {
    #private;
    add(type: number, channel: number, payload: Uint8Array): void;
    /** A number and octets: a block, or what follows the number of a question. */
    addNumbered(type: number, channel: number, number: number, rest: Uint8Array): void;
    get empty(): boolean;
    /** What was gathered; `write` says whether it was taken at once. Its memory is used again only then. */
    flush(write: (octets: Buffer) => boolean): void;
}
//# sourceMappingURL=frames.d.ts.map