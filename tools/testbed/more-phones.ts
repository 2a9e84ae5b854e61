import { eachOf } from './each.ts';
import type { DemoDevice, RunningPbx } from './pbx.ts';

/** Further extensions with one phone each, made over the REST API: 2001, 2002 … User name and number are the same. */
export async function morePhones(pbx: RunningPbx, count: number): Promise<DemoDevice[]> {
  return await eachOf(Array.from({ length: count }), 8, async (_, at) => {
    const number = String(2001 + at);
    const extension = await pbx.api<{ id: string }>('POST', '/extensions', { key: `more-${number}`, number, displayName: `Extension ${number}` });
    const device = await pbx.api<{ credentials: { password: string; realm: string } }>('POST', '/devices', { key: `more-${number}`, extensionId: extension.id, displayName: `Phone ${number}`, username: number });
    return { extension: number, username: number, ...device.credentials };
  });
}
