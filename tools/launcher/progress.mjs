/**
 * What the two commands print while they work: one line a step, with the elapsed time once it takes longer than a second.
 */

const begun = performance.now();

/** Milliseconds since the command began, measured in this process; `TIPRING_BEGUN` carries the wall clock over a re-exec. */
export function elapsedMs() {
  const wall = Number(process.env['TIPRING_BEGUN']);
  return wall > 0 ? Date.now() - wall : performance.now() - begun;
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** An expected failure: printed as it is, without a stack. */
export class Refusal extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'Refusal';
  }
}

/**
 * Runs one step. Quick ones stay silent; a terminal sees the seconds count, a log sees one line at the start and one at the end.
 * @template T
 * @param {string} title what is being done, as "Installing packages"
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1);
  const terminal = process.stdout.isTTY;
  let shown = false;
  const ticker = setInterval(() => {
    if (terminal) process.stdout.write(`\r  ${title} … ${seconds()} s`);
    else if (!shown) say(`  ${title} …`);
    shown = true;
  }, 1000);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
    if (shown) process.stdout.write(`${terminal ? '\r' : ''}  ${title}: ${seconds()} s\n`);
  }
}
