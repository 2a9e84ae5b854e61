/** eSpeak NG's command line, compiled by Emscripten: it runs while it is being made. */
declare module 'espeak-ng' {
  export default function ESpeakNg(options: Record<string, unknown>): Promise<{ FS: { readFile(path: string): Uint8Array } }>;
}
