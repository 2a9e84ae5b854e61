import { Controller, Inject, Param, Query } from '@nestjs/common';
import type { CardDescription } from '@tipring/gateway';
import { LiveConfiguration } from '@tipring/store';
import { z } from 'zod';
import { allCards, CardRepresentation, PortRepresentation, portsOf, withMeasurement } from './card-representations.ts';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { type Cards, CARDS } from './ports.ts';
import { refuse } from './problem.ts';
import { ById } from './representations.ts';

const ByPort = ById.extend({ number: z.coerce.number().int().min(1).max(32) });
const Cursor = z.tuple([z.union([z.string(), z.int()])]);

/** While the gateway is not there, no card is: what is configured is shown all the same. */
@Controller('api/v1/cards')
export class CardsController {
  readonly #cards: Cards;
  readonly #configuration: LiveConfiguration;

  constructor(@Inject(CARDS) cards: Cards, @Inject(LiveConfiguration) configuration: LiveConfiguration) {
    this.#cards = cards;
    this.#configuration = configuration;
  }

  @Operation({
    method: 'GET', path: '', id: 'listCards', summary: 'Cards, by serial number', description: 'Those that are there, and those that lines or stations are configured on.',
    scope: 'read', status: 200, response: pageOf('Card', CardRepresentation), problems: ['invalidCursor'],
  })
  async list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const rows = allCards(await this.#present(), this.#configuration.snapshot).filter(({ id }) => after === undefined || id > String(after));
    return page(rows, query.limit, ({ id }) => [id], (card) => card);
  }

  @Operation({ method: 'GET', path: ':id', id: 'getCard', summary: 'One card', scope: 'read', status: 200, response: CardRepresentation, problems: ['notFound'] })
  async get(@Param({ schema: ById }) { id }: z.infer<typeof ById>) {
    return this.#found(id, await this.#present());
  }

  @Operation({
    method: 'GET', path: ':id/ports', id: 'listCardPorts', summary: 'Ports of a card: what is plugged in, what they can, how they are set, what is measured',
    scope: 'read', status: 200, response: pageOf('CardPort', PortRepresentation), problems: ['notFound', 'invalidCursor'],
  })
  async ports(@Param({ schema: ById }) { id }: z.infer<typeof ById>, @Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const rows = (await this.#portsOf(id)).filter(({ number }) => after === undefined || number > Number(after));
    const { items, next } = page(rows, query.limit, ({ number }) => [number], (port) => port);
    return { items: await Promise.all(items.map((port) => this.#measured(port))), next };
  }

  @Operation({ method: 'GET', path: ':id/ports/:number', id: 'getCardPort', summary: 'One port', scope: 'read', status: 200, response: PortRepresentation, problems: ['notFound'] })
  async port(@Param({ schema: ByPort }) { id, number }: z.infer<typeof ByPort>) {
    const port = (await this.#portsOf(id)).find((one) => one.number === number);
    return this.#measured(port ?? refuse('notFound', `Card ${id} has no port ${number}. GET /api/v1/cards/${encodeURIComponent(id)} names those that it has.`));
  }

  async #present(): Promise<readonly CardDescription[]> {
    const asked = await this.#cards.list();
    return asked.ok ? asked.value : [];
  }

  #found(id: string, present: readonly CardDescription[]) {
    return allCards(present, this.#configuration.snapshot).find((card) => card.id === id) ?? refuse('notFound', 'There is no card with this serial number, and nothing is configured on one. GET /api/v1/cards lists them.');
  }

  async #portsOf(id: string) {
    const present = await this.#present();
    this.#found(id, present);
    return portsOf(id, present.find((card) => card.serial === id), this.#configuration.snapshot);
  }

  async #measured(port: Parameters<typeof withMeasurement>[0]) {
    const measured = port.isPresent ? await this.#cards.measure({ card: port.card, port: port.number }) : undefined;
    return withMeasurement(port, measured?.ok === true ? measured.value : null);
  }
}
