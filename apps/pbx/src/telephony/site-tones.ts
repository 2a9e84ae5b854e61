import { isUnknownRegion, regionOf, stationTone } from '@tipring/line';
import { officeTone } from '@tipring/line-endpoint';
import { type LegSound, type LegTones, plainTones } from '@tipring/sip-endpoint';

/** What SIP phones hear of the office: the same tones as its analog telephones, those of the site's country. */
export function siteTones(country: string): LegTones {
  const region = regionOf(country);
  if (isUnknownRegion(region)) return plainTones;
  const tone = (sound: LegSound) => ({
    type: 'tone' as const,
    tone: sound === 'ringback' ? stationTone(region.tones, 'ringing') : officeTone(region.tones, sound),
    levelDbm0: LEVEL_DBM0,
  });
  return { ringback: tone('ringback'), askPin: tone('askPin'), refused: tone('refused'), preempted: tone('preempted') };
}

/** As loud as an exchange sends its tones, or a little less: there is no line to weaken it. */
const LEVEL_DBM0 = -16;
