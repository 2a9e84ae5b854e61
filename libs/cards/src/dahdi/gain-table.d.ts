/** What each octet becomes when it is made louder by so many dB: the kernel applies gains as tables of octets. */
export declare function gainTable(law: 'PCMA' | 'PCMU', gainDb: number): Uint8Array;
//# sourceMappingURL=gain-table.d.ts.map