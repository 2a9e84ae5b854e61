/** The little of the WebAssembly JavaScript API that this room uses; the language's own library has no types for it. */
export interface WebAssemblyModule {
  readonly [kind: symbol]: unknown;
}

export interface WebAssemblyMemory {
  readonly buffer: ArrayBuffer;
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => WebAssemblyModule;
  readonly Memory: new (size: { readonly initial: number; readonly maximum: number }) => WebAssemblyMemory;
  readonly Instance: new (module: WebAssemblyModule, imports: { readonly env: { readonly memory: WebAssemblyMemory } }) => { readonly exports: object };
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly;
