import { Controller, Param, Query } from '@nestjs/common';
import { confidences, emergencyNumbersOf, emergencySource, isComplete, isUnknownRegion, profileFacts, type Region, regionOf, regions, toneNames } from '@tipring/line';
import { z } from 'zod';
import { Operation } from './operation.ts';
import { cursor, page, pageOf, PageQuery } from './paging.ts';
import { refuse } from './problem.ts';

const Confidence = z.enum(confidences).meta({
  id: 'Confidence',
  description: '`standard`: a national specification or the country’s own entry in the ITU’s list. `common`: public tables agree. `disputed`: sources differ, and `alternates` has what the others say. `reported`: said to be so; a line is where to prove it',
});

const known = { source: z.string(), confidence: Confidence };

const ToneShape = z
  .object({ segments: z.array(z.looseObject({ frequenciesHz: z.array(z.number()), durationMs: z.number().nullable() })), repeatFrom: z.int().nullable().optional() })
  .meta({ id: 'Tone', description: 'Segments in turn, then again from `repeatFrom`; no frequency is silence, a duration of null lasts for ever' });

const ToneFactRepresentation = z.object({ name: z.enum(toneNames), tone: ToneShape, alternates: z.array(ToneShape), ...known }).meta({ id: 'ToneFact' });

const FactRepresentation = z
  .object({
    name: z.string().meta({ examples: ['ringCadence', 'callerId', 'acTermination', 'disconnect'] }),
    is: z.unknown().meta({ description: 'What is done, and expected first' }),
    alternates: z.array(z.unknown()).meta({ description: 'What other sources say: accepted, never done' }),
    byOperator: z.array(z.unknown()).meta({ description: 'What other operators of the country do' }),
    ...known,
  })
  .meta({ id: 'ProfileFact' });

const Summary = z.object({
  code: z.string().meta({ description: 'ISO 3166-1 alpha-2' }),
  name: z.string(),
  isComplete: z.boolean().meta({ description: 'Whether there is a fact, of whatever confidence, for all that a line needs' }),
});
const SummaryRepresentation = Summary.meta({ id: 'RegionProfileSummary' });

const ProfileRepresentation = Summary.extend({
  tones: z.array(ToneFactRepresentation),
  facts: z.array(FactRepresentation),
  emergencyNumbers: z.object({ numbers: z.array(z.string()), source: z.string() }).meta({ description: 'None: the source knows of none there' }),
}).meta({ id: 'RegionProfile', description: 'What is particular to the telephone network of a country, and how we know' });

const ByCode = z.object({ code: z.string().regex(/^[A-Za-z]{2}$/, 'an ISO 3166-1 alpha-2 code') });
const Cursor = z.tuple([z.string()]);

@Controller('api/v1/region-profiles')
export class RegionProfilesController {
  @Operation({ method: 'GET', path: '', id: 'listRegionProfiles', summary: 'Countries whose lines and telephones are known, by code', scope: 'read', status: 200, response: pageOf('RegionProfileSummary', SummaryRepresentation), problems: ['invalidCursor'] })
  list(@Query({ schema: PageQuery }) query: z.infer<typeof PageQuery>) {
    const after = cursor(query.after, Cursor)?.[0];
    const rows = regions.filter(({ code }) => after === undefined || code > after);
    return page(rows, query.limit, ({ code }) => [code], summaryOf);
  }

  @Operation({
    method: 'GET', path: ':code', id: 'getRegionProfile', summary: 'What is known of a country, with sources', description: 'Each fact has its source and a confidence. Emergency numbers are of this machine’s copy of libphonenumber; ask the local authority before relying on them.',
    scope: 'read', status: 200, response: ProfileRepresentation, problems: ['notFound'],
  })
  get(@Param({ schema: ByCode }) { code }: z.infer<typeof ByCode>): z.infer<typeof ProfileRepresentation> {
    const region = regionOf(code);
    if (isUnknownRegion(region)) return refuse('notFound', 'There is no profile of this country. GET /api/v1/region-profiles lists those that there are.');
    return {
      ...summaryOf(region),
      tones: toneNames.flatMap((name) => toneOf(region, name)),
      facts: Array.from(profileFacts(region), ([name, { is, alternates = [], byOperator = [], source, confidence }]) => ({ name, is, alternates: [...alternates], byOperator: [...byOperator], source, confidence })),
      emergencyNumbers: { numbers: [...emergencyNumbersOf(region.code)], source: emergencySource },
    };
  }
}

function summaryOf(region: Region): z.infer<typeof SummaryRepresentation> {
  return { code: region.code, name: region.name, isComplete: isComplete(region) };
}

function toneOf({ tones }: Region, name: (typeof toneNames)[number]): z.infer<typeof ToneFactRepresentation>[] {
  const fact = tones[name];
  if (fact === undefined) return [];
  const { tone, alternates = [], source, confidence } = fact;
  return [{ name, tone: tone as z.infer<typeof ToneShape>, alternates: alternates as z.infer<typeof ToneShape>[], source, confidence }];
}
