import { type PortId, type PortKind, portKey } from '@tipring/cards';
import type { Cards } from './ports.ts';
import { refuse } from './problem.ts';

/** Lines go into FXO ports and telephones into FXS ports. Of a card that is not there, or with no gateway to ask, nothing is known: it may come. */
export async function requireFitting(cards: Cards, { card: serial, port: number }: PortId, kind: PortKind): Promise<void> {
  const asked = await cards.list();
  const card = asked.ok ? asked.value.find((one) => one.serial === serial) : undefined;
  if (card === undefined) return;
  const port = card.ports.find((one) => one.number === number);
  const fitting = card.ports.filter((one) => one.capabilities.kind === kind).map((one) => one.number);
  const others = fitting.length === 0 ? `The card has no ${kind.toUpperCase()} port.` : `Its ${kind.toUpperCase()} ports are ${fitting.join(', ')}.`;
  if (port === undefined) refuse('contradiction', `Card ${serial} has no port ${number}. ${others}`, '/port');
  if (port.capabilities.kind !== kind) refuse('contradiction', `Port ${number} of card ${serial} is an ${port.capabilities.kind.toUpperCase()} port; ${hints[kind]} ${others}`, '/port');
}

/** Whether there is such a port now; null: with no gateway to ask, nobody knows. */
export async function presenceOf(cards: Cards, kind: PortKind): Promise<(port: PortId) => boolean | null> {
  const asked = await cards.list();
  if (!asked.ok) return () => null;
  const there = new Set(asked.value.flatMap(({ ports }) => ports.filter(({ capabilities }) => capabilities.kind === kind).map(({ port }) => port)));
  return (port) => there.has(portKey(port));
}

const hints: Readonly<Record<PortKind, string>> = {
  fxo: 'the telephone company’s line goes into an FXO port.',
  fxs: 'a telephone goes into an FXS port.',
};
