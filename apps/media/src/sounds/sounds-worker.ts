import { parentPort, workerData } from 'node:worker_threads';
import { PlayerSlot } from './player-slot.ts';
import { SoundTools } from './sound-tools.ts';
import type { SoundsRequest, SoundsWorkerData } from './sounds-message.ts';
import { SoundsUnit } from './sounds-unit.ts';

// The sounds thread: files may keep it waiting, and nobody waits for it. What it has read lies in the players' memory by then.
const { folder, memory, slots, dsp } = workerData as SoundsWorkerData;
const unit = new SoundsUnit(folder, Array.from({ length: slots }, (_, slot) => new PlayerSlot(memory, slot)), new SoundTools(dsp, slots), (told) => parentPort?.postMessage(told));
/** Of a player's memory, which holds 0.6 s, little is used up in between. */
const pumpMs = 60;
let timer: NodeJS.Timeout | null = null;

function pump(): void {
  timer = null;
  unit.pump();
  goOn();
}
function goOn(): void {
  if (timer === null && !unit.idle) timer = setTimeout(pump, pumpMs);
}

parentPort?.on('message', (request: SoundsRequest) => {
  if (request.do !== 'end') {
    unit.execute(request);
    return goOn();
  }
  if (timer !== null) clearTimeout(timer);
  unit.close();
  parentPort?.close();
});
