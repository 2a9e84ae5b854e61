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

/** Steps under way, oldest first. @type {{ title: string, start: number, shown: boolean }[]} */
const underWay = [];
/** @type {NodeJS.Timeout | undefined} */
let ticker;

/**
 * Runs one step. Quick ones stay silent; a terminal sees the seconds count, of several at a time in one line; a log sees one line
 * at the start and one at the end.
 * @template T
 * @param {string} title what is being done, as "Installing packages"
 * @param {() => Promise<T> | T} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  const one = { title, start: performance.now(), shown: false };
  underWay.push(one);
  ticker ??= setInterval(tick, 1000);
  try {
    return await work();
  } finally {
    underWay.splice(underWay.indexOf(one), 1);
    if (one.shown) process.stdout.write(`${process.stdout.isTTY ? '\r\x1b[K' : ''}  ${title}: ${seconds(one)} s\n`);
    if (underWay.length === 0) {
      clearInterval(ticker);
      ticker = undefined;
    }
  }
}

function tick() {
  const slow = underWay.filter(({ start }) => performance.now() - start >= 900);
  if (process.stdout.isTTY && slow.length > 0) process.stdout.write(`\r\x1b[K  ${slow.map((one) => `${one.title} … ${seconds(one)} s`).join(', ')}`);
  for (const one of slow) {
    if (!one.shown && !process.stdout.isTTY) say(`  ${one.title} …`);
    one.shown = true;
  }
}

/** @param {{ start: number }} step */
function seconds({ start }) {
  return ((performance.now() - start) / 1000).toFixed(1);
}
