/*
 * Automatic gain of four channels: brings speech to a target level, and a limiter behind it keeps what comes too suddenly within
 * range. Silence and steady noise move nothing: the gain is frozen until there is speech again, so noise is not pumped. A channel that
 * is off passes bit-exactly.
 *
 * 8 kHz; a call is one block of 20 ms, for which the gain is decided; no delay.
 */
#ifndef TIPRING_AGC_H
#define TIPRING_AGC_H

#include "lanes.h"

typedef struct {
    float target_dbm0, most_gain_db, most_loss_db, attack_db, release_db; /* the last two a block */
    float level;    /* mean square of speech, slowly; 0 before there was any */
    float floor_db, next_floor_db; /* of what is not speech, dBm0: the least of this window and the one before; of this one */
    int32_t window;                /* blocks of this one */
    float gain_db;
    int32_t on;
} agc_lane_t;

typedef struct {
    agc_lane_t lanes[LANES];
    lanes_t factor;   /* amplitude at the end of the last block */
    lanes_t envelope; /* of the limiter */
} agc_t;

uint32_t agc_size(void);
void agc_init(agc_t *agc);
/*
 * `target_dbm0`: of active speech, −30 … −6. The gain stays within −most_loss_db … +most_gain_db (0 … 30), falls by at most `attack` and
 * rises by at most `release`, decibels a second.
 */
void agc_enable(agc_t *agc, int lane, float target_dbm0, float most_gain_db, float most_loss_db, float attack, float release);
/* The gain is back at 0 dB after one block. */
void agc_disable(agc_t *agc, int lane);
/* Before a channel serves another call: off, and what it learned is forgotten. */
void agc_reset(agc_t *agc, int lane);
/* In place; `stride` is in samples. */
void agc_process(agc_t *agc, int16_t *samples, int stride, int count);
float agc_gain_db(const agc_t *agc, int lane);

#endif
