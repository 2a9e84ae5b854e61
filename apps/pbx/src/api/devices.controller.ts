import { Body, Controller, Headers, Inject, Param, Query, Res } from '@nestjs/common';
import { type Device, rowsOf, type Snapshot } from '@tipring/config';
import { type Author, LiveConfiguration, newId } from '@tipring/store';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { digestSecrets, newPassword } from '../credentials.ts';
import { Caller } from './api-key.guard.ts';
import { change, changed } from './change.ts';
import { requireMatch, withEtag } from './etag.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';
import { ById, Credentials, DeviceChange, DeviceCreation, DeviceFilter, DeviceRepresentation, DeviceWithCredentials, presentDevice } from './representations.ts';

const ListQuery = PageQuery.extend(DeviceFilter);
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/devices')
export class DevicesController {
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#configuration = configuration;
  }

  @Operation({ method: 'GET', path: '', id: 'listDevices', summary: 'Devices, by user name', scope: 'read', status: 200, response: pageOf('Device', DeviceRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: ListQuery }) query: z.infer<typeof ListQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const { snapshot } = this.#configuration;
    const rows = (query.extensionId === undefined ? [...snapshot.devices.values()] : snapshot.devicesOf(query.extensionId)).filter(
      (device) =>
        (after === undefined || device.username > after) &&
        (query.username === undefined || device.username === query.username) &&
        (query.key === undefined || device.key === query.key),
    );
    return page(rows, query.limit, (device) => [device.username], presentDevice);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getDevice', summary: 'One device', scope: 'read', status: 200, response: DeviceRepresentation, etag: true, problems: ['notFound'] })
  get(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Res({ passthrough: true }) reply: FastifyReply) {
    const device = found(this.#configuration.snapshot, id);
    return withEtag(reply, device, presentDevice(device));
  }

  @Operation({
    method: 'POST', path: '', id: 'createDevice', summary: 'A new device', description: 'Its password is made here and shown this once.',
    scope: 'write', status: 201, response: DeviceWithCredentials, etag: true, shownOnce: ['credentials'], problems: ['notUnique', 'danglingReference'],
  })
  async create(@Body({ schema: DeviceCreation }) body: z.infer<typeof DeviceCreation>, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply): Promise<z.infer<typeof DeviceWithCredentials>> {
    const now = new Date().toISOString();
    const password = newPassword();
    const { realm } = this.#configuration.snapshot.settings.sip;
    const device: Device = { id: newId('dev'), ...body, ha1: digestSecrets(body.username, realm, password), version: 1, createdAt: now, updatedAt: now };
    await change(this.#configuration, (snapshot) => ({ ...rowsOf(snapshot), devices: [...snapshot.devices.values(), device] }), caller);
    void reply.header('location', `/api/v1/devices/${device.id}`);
    return withEtag(reply, device, { ...presentDevice(device), credentials: { username: device.username, password, realm, algorithm: device.algorithm } });
  }

  @Operation({
    method: 'PATCH', path: ':id', id: 'changeDevice', summary: 'Change a device', description: 'JSON merge patch (RFC 7396). The user name stays: it is part of the password’s hash.',
    scope: 'write', status: 200, response: DeviceRepresentation, ifMatch: true, etag: true, problems: ['notFound', 'notUnique', 'danglingReference'],
  })
  async patch(
    @Param({ schema: ById }) { id }: z.infer<typeof ById>,
    @Body({ schema: DeviceChange }) body: z.infer<typeof DeviceChange>,
    @Headers('if-match') ifMatch: string | undefined,
    @Caller() caller: Author,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const device = await this.#replace(id, ifMatch, caller, (row) => changed(row, body, new Date()));
    return withEtag(reply, device, presentDevice(device));
  }

  @Operation({
    method: 'POST', path: ':id/credentials/rotation', id: 'rotateDeviceCredentials', summary: 'A new password', description: 'The old one stops working at once; the new one is shown this once.',
    scope: 'write', status: 201, response: z.object({ credentials: Credentials.nullable() }).meta({ id: 'RotatedCredentials' }), ifMatch: true, etag: true, shownOnce: ['credentials'], problems: ['notFound'],
  })
  async rotate(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author, @Res({ passthrough: true }) reply: FastifyReply) {
    const password = newPassword();
    const { realm } = this.#configuration.snapshot.settings.sip;
    const device = await this.#replace(id, ifMatch, caller, (row) => changed(row, { ha1: digestSecrets(row.username, realm, password) }, new Date()));
    return withEtag(reply, device, { credentials: { username: device.username, password, realm, algorithm: device.algorithm } });
  }

  @Operation({ method: 'DELETE', path: ':id', id: 'deleteDevice', summary: 'Delete a device', scope: 'write', status: 204, ifMatch: true, problems: ['notFound'] })
  async delete(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Headers('if-match') ifMatch: string | undefined, @Caller() caller: Author): Promise<void> {
    await change(
      this.#configuration,
      (snapshot) => {
        requireMatch(ifMatch, found(snapshot, id));
        return { ...rowsOf(snapshot), devices: [...snapshot.devices.values()].filter((row) => row.id !== id) };
      },
      caller,
    );
  }

  async #replace(id: string, ifMatch: string | undefined, caller: Author, edit: (row: Device) => Device): Promise<Device> {
    const after = await change(
      this.#configuration,
      (snapshot) => {
        requireMatch(ifMatch, found(snapshot, id));
        return { ...rowsOf(snapshot), devices: [...snapshot.devices.values()].map((row) => (row.id === id ? edit(row) : row)) };
      },
      caller,
    );
    return found(after, id);
  }
}

function found(snapshot: Snapshot, id: string): Device {
  return snapshot.devices.get(id) ?? refuse('notFound', 'There is no device with this id. GET /api/v1/devices?username=… finds one by its user name.');
}
