import { readFileSync } from 'node:fs';
import { demoCarrierPlan, readCarrierPlan, type CarrierPlan } from '@tipring/carrier-control';
import { ControlServer } from './control-server.ts';
import { SimulatedCarrier } from './simulated-carrier.ts';

/**
 * The simulated carrier's process. Its environment: TIPRING_CARRIER, `demo` or a file with a plan; TIPRING_CARRIER_PORT, the demo's port where it is
 * not the usual one; TIPRING_CARRIER_SOCKET, the path of its control socket.
 */
async function main(): Promise<void> {
  const plan = planOf(process.env);
  const carrier = await SimulatedCarrier.start(plan);
  const control = new ControlServer(carrier);
  let stopping = false;
  const stop = async (): Promise<void> => {
    if (stopping) return;
    stopping = true;
    control.close();
    await carrier.close();
    process.exit(0);
  };
  process.on('SIGTERM', () => void stop());
  process.on('SIGINT', () => void stop());
  // Started by a launcher: when that is gone nobody would ever stop us.
  process.on('disconnect', () => void stop());
  const path = process.env['TIPRING_CARRIER_SOCKET'];
  if (path !== undefined && path !== '') await control.listen(path);
  const sockets = carrier.state().listening.map(({ transport, address, port }) => `${transport} ${address}:${port}`);
  process.stderr.write(`${plan.name}: ${sockets.join(', ')}\n`);
  process.send?.({ type: 'ready' });
}

function planOf(environment: NodeJS.ProcessEnv): CarrierPlan {
  const { TIPRING_CARRIER: what = 'demo', TIPRING_CARRIER_PORT: port = '' } = environment;
  if (what === 'demo') return port === '' ? demoCarrierPlan() : demoCarrierPlan(Number(port));
  const read = readCarrierPlan(readFileSync(what, 'utf8'));
  if (!read.ok) throw new Error(`${what}: ${read.text}`);
  return read.plan;
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
