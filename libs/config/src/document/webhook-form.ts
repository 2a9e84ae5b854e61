import { z } from 'zod';
import type { Secret } from '../trunk.ts';
import { usual } from '../usual.ts';
import { WebhookSettings } from '../webhook.ts';
import { DisplayName, type Form, nameOf, WrittenSecret } from './form.ts';
import { leavingOut } from './leaving-out.ts';

const { url, isEnabled, events } = WebhookSettings.shape;
const WrittenWebhook = z.strictObject({ displayName: DisplayName, url, secret: WrittenSecret, ...leavingOut({ isEnabled, events }, usual.webhook) });

export const webhookForm: Form<'webhook', typeof WrittenWebhook> = {
  schema: WrittenWebhook,
  usual: (key) => ({ displayName: nameOf(key) }),
  write: ({ displayName, url, secret, isEnabled, events }, to) => ({ displayName, url, secret: to.secret(secret, 'webhook'), isEnabled, events }),
  read: ({ displayName, secret, ...rest }, from) => ({ displayName: displayName ?? nameOf(from.key), ...rest, secret: from.secret(secret, 'webhook', WebhookSettings.shape.secret as typeof Secret, from.current?.secret, '/secret') }),
};
