import { z } from 'zod';
import { ConfigurationDocument } from './forms.ts';

/** JSON Schema (draft 2020-12) of the document, for editors; docs/tipring-config.schema.json is it. */
export function documentJsonSchema(): object {
  return z.toJSONSchema(ConfigurationDocument, { target: 'draft-2020-12', io: 'input' });
}
