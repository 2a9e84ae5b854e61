import { nodeTimers } from '@tipring/clock';
import { cardsOf, PortRecorder } from '../../port-recorder.ts';
import { DahdiCards } from '../dahdi-cards.ts';

/** A program that goes off hook on port 1, rings port 4, says so, and does nothing more: to be killed. */
const cards = new DahdiCards(nodeTimers(), process.argv[2]!);
await cardsOf(cards);
const [line, station] = [1, 4].map((port) => new PortRecorder(cards.port({ card: 'LOOP', port })!)) as [PortRecorder, PortRecorder];
await Promise.all([line.open(), station.open()]);
await line.send({ do: 'hook', hook: 'off' });
await station.send({ do: 'ring', cadence: [{ onMs: 10_000, offMs: 100 }] });
process.stdout.write('off hook\n');
