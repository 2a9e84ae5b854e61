/*
 * Direct current and mains hum of four analog lines: measured all the time, removed only where it is there and steady.
 *
 * Measured at 2 kHz in blocks of 100 ms, which hold whole periods of 50 and of 60 Hz and of all their harmonics, so they do not leak
 * into each other; from block to block the phases turn by what the mains is off its nominal frequency. Only neighbouring blocks without
 * speech count (within 4 dB of the quietest of the last seconds); each second there is a verdict where eight such pairs came together: hum is
 * what turns evenly, its harmonics together, and its strength is in the first three (a dial tone's 350, 400 or 440 Hz is no hum).
 * After three verdicts of the same frequency each harmonic above −62 dBm0 gets a notch, 4 Hz wide at 3 dB, faded in over 0.1 s; less than
 * 0.2 dB is lost 10 Hz beside it. A line without hum passes bit-exactly.
 */
#ifndef TIPRING_HUM_FILTER_H
#define TIPRING_HUM_FILTER_H

#include "lanes.h"

/* Of 50 Hz to 400, of 60 Hz to 420. */
#define HUM_HARMONICS 8
#define HUM_BINS 15

typedef struct { lanes_t re, im; } hum_phasor_t;

typedef struct {
    lanes_t mirrored; /* −cos of its frequency */
    lanes_t share;    /* 0 … 1: how much of the notch is in effect */
    lanes_t wanted;   /* 0 or 1 */
    lanes_t first, second;
} hum_notch_t;

/* dBm0; −150 where there is none. */
typedef struct {
    float fundamental_hz; /* 0: no steady hum */
    float total_dbm0;
    float offset;         /* direct current, in 16-bit linear samples */
    float removed;        /* a bit for each harmonic that is being removed, the first the lowest; 256 for direct current */
    float harmonics_dbm0[HUM_HARMONICS];
} hum_reading_t;

typedef struct {
    float cosine[200]; /* one period of 10 Hz at 2 kHz */
    lanes_t rising, carried, falling; /* from 8 to 2 kHz: the triangle 1 2 3 4 3 2 1 */
    int32_t phase, sample, block;
    hum_phasor_t now[HUM_BINS], before[HUM_BINS], turn[HUM_BINS]; /* this block, the last one, Σ now · before* */
    lanes_t power[HUM_BINS];                                       /* Σ |now|² */
    lanes_t sum, square;                    /* of this block, for its energy without direct current */
    lanes_t least, next_least;              /* energy of a block, of this window and the one before; of this one */
    int32_t window;                         /* blocks of this one */
    lane_mask_t quiet;                      /* the last block was */
    lanes_t pairs;                          /* of quiet blocks, in turn and power */
    lanes_t offset_sum;
    hum_notch_t notches[HUM_HARMONICS];
    lanes_t offset, offset_share, offset_wanted;
    int32_t family[LANES];    /* 50 or 60 while there is hum */
    float off_nominal[LANES]; /* Hz */
    float evidence[LANES], offset_evidence[LANES];
    hum_reading_t readings[LANES];
    int32_t removing[LANES];  /* off: only measured */
} hum_filter_t;

uint32_t hum_filter_size(void);
/* All lanes measure, and remove. */
void hum_filter_init(hum_filter_t *hum);
/* Before a channel serves another line. */
void hum_filter_reset(hum_filter_t *hum, int lane);
/* `on` 0: the lane is measured but passes untouched, as fax wants it. */
void hum_filter_remove(hum_filter_t *hum, int lane, int on);
/* In place; `stride` is in samples. */
void hum_filter_process(hum_filter_t *hum, int16_t *samples, int stride, int count);
/* The last verdict: of what comes in, also while it is removed. */
void hum_filter_read(const hum_filter_t *hum, int lane, hum_reading_t *reading);

#endif
