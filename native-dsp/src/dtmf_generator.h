/*
 * DTMF digits of one channel, ITU-T Q.23: a queue of them with level, twist and times each, and digits that last as long as a
 * key is held. One channel's state: few channels dial at a time.
 *
 * Edges: a tone fades in over 1 ms when it begins and out when it ends, so half amplitude to half amplitude is its length.
 */
#ifndef TIPRING_DTMF_GENERATOR_H
#define TIPRING_DTMF_GENERATOR_H

#include "dsp.h"

#define DTMF_GENERATOR_DIGITS 64

typedef struct {
    float amplitude[2];          /* low tone, high tone: peak, in samples */
    uint32_t on, off;            /* samples */
    uint8_t digit;               /* 4 × row + column */
    bool silent, held;           /* a pause; until it is released, and then at least `on` */
} dtmf_generator_digit_t;

typedef struct {
    dtmf_generator_digit_t queue[DTMF_GENERATOR_DIGITS];
    uint32_t first, count;       /* of the queue; the first is the one that is played */
    enum { DTMF_GENERATOR_IDLE, DTMF_GENERATOR_TONE, DTMF_GENERATOR_PAUSE } at;
    uint32_t left;               /* samples of the tone or the pause */
    double cosine[2], sine[2], step_cosine[2], step_sine[2];
    float amplitude[2];
    int32_t fade, edge;          /* samples: fade of edge is the gain */
    int32_t rate_hz;
} dtmf_generator_t;

uint32_t dtmf_generator_size(void);
/* `rate_hz`: up to 48000. */
void dtmf_generator_init(dtmf_generator_t *generator, int rate_hz);
/*
 * Queues a digit (ASCII; ',' is silence for `on_ms`). `level_dbm0` is that of both tones together, -60 … 0; `twist_db` the high
 * tone over the low one, -12 … 12; on_ms 10 … 60000, off_ms 2 … 60000. held: lasts until dtmf_generator_release, and at least
 * on_ms. False, with nothing changed, when the queue is full or a number is not in its range.
 */
bool dtmf_generator_push(dtmf_generator_t *generator, uint32_t digit, float level_dbm0, float twist_db, float on_ms, float off_ms, uint32_t held);
/* Every digit that is held lasts only as long as it must. */
void dtmf_generator_release(dtmf_generator_t *generator);
/* Empties the queue; what sounds ends. */
void dtmf_generator_stop(dtmf_generator_t *generator);
/* Digits and pauses that have not ended, with the pause after each. */
uint32_t dtmf_generator_pending(const dtmf_generator_t *generator);
/* Overwrite, or add to, `count` samples; sums that do not fit are saturated. */
void dtmf_generator_write(dtmf_generator_t *generator, int16_t *samples, int count);
void dtmf_generator_add(dtmf_generator_t *generator, int16_t *samples, int count);

#endif
