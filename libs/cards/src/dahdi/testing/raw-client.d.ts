export interface Said {
    readonly type: number;
    readonly channel: number;
    readonly payload: Buffer;
}
/** A client that does what it likes. */
export declare class RawClient {
    #private;
    readonly said: Said[];
    /** Null: it answers no block. */
    answers: ((channel: number, number: number) => boolean) | null;
    readonly closed: Promise<void>;
    constructor(path: string);
    send(type: number, channel: number, payload: Uint8Array): void;
    raw(octets: Uint8Array): void;
    hello(version?: number): void;
    of(type: number): readonly Said[];
    end(): void;
}
export declare function u32(value: number): Buffer;
//# sourceMappingURL=raw-client.d.ts.map