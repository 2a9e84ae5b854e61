import { demoPlan, type TelephonePlan } from '@tipring/cards';
import type { ConfigurationRows, Extension, Line, Station, StationKind } from '@tipring/config';
import { newId } from '@tipring/store';

/**
 * What is plugged into the simulated card of the demo, as a configuration: an extension from 121 on for each telephone, and the lines, which are
 * reached by 9 and call the first of them. Nobody need try a line that is simulated, so they are commissioned.
 */
export function demoPorts(now: string): Pick<ConfigurationRows, 'extensions' | 'stations' | 'lines'> {
  const extensions: Extension[] = [];
  const stations: Station[] = [];
  const lines: Line[] = [];
  const versioned = { version: 1, createdAt: now, updatedAt: now };
  const ports = demoPlan().cards.flatMap(({ serial, ports }) => ports.map((planned, index) => ({ planned, port: { card: serial, port: index + 1 } })));
  for (const { planned, port } of ports) {
    if (planned?.kind !== 'fxs' || planned.telephone === null) continue;
    const number = String(firstNumber + extensions.length);
    const { name } = planned.telephone;
    const extension: Extension = { id: newId('ext'), key: `demo-${number}`, number, displayName: name, ringTimeoutMs: 30_000, ...versioned };
    extensions.push(extension);
    stations.push({ id: newId('sta'), key: `demo-station-${number}`, displayName: name, extensionId: extension.id, port, region, kind: kindOf(planned.telephone), isEnabled: true, overrides: {}, ...versioned });
  }
  const [reception] = extensions;
  for (const { planned, port } of ports) {
    if (planned?.kind !== 'fxo' || planned.line === null) continue;
    lines.push({
      id: newId('lin'), key: `demo-line-${lines.length + 1}`, displayName: `Line ${planned.line.number}`, port, region, isEnabled: true, isCommissioned: true,
      inbound: reception === undefined ? null : { type: 'extension', id: reception.id }, outbound: { prefix: '9' }, overrides: {}, ...versioned,
    });
  }
  return { extensions, stations, lines };
}

function kindOf({ name }: TelephonePlan): StationKind {
  if (/fax/i.test(name)) return 'fax';
  return /door/i.test(name) ? 'door' : 'telephone';
}

/** The lines of the demo plan are North American, and what one calls on them expects it. */
const region = 'US';
const firstNumber = 121;
