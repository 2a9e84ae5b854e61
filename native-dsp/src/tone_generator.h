/*
 * Plays a telephone tone on one channel: up to four frequencies added, or a carrier with its amplitude modulated, in a cadence
 * exact to the sample (ITU-T E.180 tables). One channel's state: tones are rare beside speech. What is vectorised is the
 * partials: the four lanes are four sines of the one channel. A modulated carrier is three of them,
 * (1 + d·sin m)·sin c = sin c + d/2·cos(c - m) - d/2·cos(c + m).
 *
 * Edges: what begins fades in over 1.5 ms while what ends fades out, both from the boundary on, so half amplitude to half
 * amplitude is as long as the table says. play and stop take effect with the next sample; within 1.5 ms of another edge they
 * wait for its end.
 */
#ifndef TIPRING_TONE_GENERATOR_H
#define TIPRING_TONE_GENERATOR_H

#include "lanes.h"

#define TONE_GENERATOR_SEGMENTS 32
#define TONE_GENERATOR_PARTIALS LANES

/* One segment as it is handed in; what is absent is zero. All of them floats: libs/dsp writes them as one array. */
typedef struct {
    float frequency_hz[TONE_GENERATOR_PARTIALS];
    float modulation_hz, modulation_depth; /* of the first and only frequency; depth 0 … 1 */
    float sweep_to_hz;                     /* the first and only frequency moves here, evenly, until the segment ends */
    float level_db;                        /* beside the level of the tone */
    float duration_ms;                     /* at least 2; zero lasts for ever */
} tone_generator_segment_t;

typedef uint32_t tone_generator_turns_t __attribute__((vector_size(4 * LANES))); /* 2^32 is a whole turn */

typedef struct {
    tone_generator_turns_t step, slope; /* each sample: turns, and what is added to them */
    lanes_t amplitude;
    tone_generator_turns_t phase;
} tone_generator_voice_t;

typedef struct {
    tone_generator_voice_t voice, fading;
    tone_generator_voice_t segments[TONE_GENERATOR_SEGMENTS];
    uint32_t samples[TONE_GENERATOR_SEGMENTS]; /* how long each segment lasts */
    int32_t count, next, repeat_from;          /* repeat_from < 0: the tone ends after its last segment */
    uint32_t left;                             /* of the segment that is heard */
    uint32_t fade;                             /* samples of the edge that are left; zero: no edge */
    uint32_t edge;                             /* samples of an edge */
    int32_t rate_hz;
} tone_generator_t;

uint32_t tone_generator_size(void);
/* `rate_hz`: 8000, 16000, 48000 or any other up to 48000. */
void tone_generator_init(tone_generator_t *generator, int rate_hz);
/*
 * Replaces what is played. The level is the root mean square of a segment while it sounds, all frequencies and sidebands
 * together. A segment whose peaks would not fit 16 bits is lowered until they do: four frequencies reach -2.9 dBm0.
 * False, with nothing changed: more than 32 segments, a duration below 2 ms, a frequency or sideband outside 0 … half the
 * rate, a level outside -90 … +10 dBm0, or anything that is not a number.
 */
bool tone_generator_play(tone_generator_t *generator, const tone_generator_segment_t *segments, int count, int repeat_from, float level_dbm0);
void tone_generator_stop(tone_generator_t *generator);
/* False once a tone has ended or been stopped and its last edge is over. */
bool tone_generator_playing(const tone_generator_t *generator);
/* Overwrite, or add to, `count` samples; sums that do not fit are saturated. */
void tone_generator_write(tone_generator_t *generator, int16_t *samples, int count);
void tone_generator_add(tone_generator_t *generator, int16_t *samples, int count);

#endif
