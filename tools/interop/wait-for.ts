/** Polls until `look` gives something; fails with what was waited for, after far longer than a busy machine takes. For processes whose state cannot be subscribed to. */
export async function waitFor<T>(what: string | (() => string), look: () => T | undefined | Promise<T | undefined>, timeoutMs = 40_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`waited ${timeoutMs} ms for ${typeof what === 'string' ? what : what()}`);
    await new Promise((resume) => setTimeout(resume, 20));
  }
}
