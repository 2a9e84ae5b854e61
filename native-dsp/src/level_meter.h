/*
 * Level and noise of four channels, read for any span of time: root mean square, peak, C-message and psophometric noise, impulses,
 * clipped samples. Hum has a meter of its own (hum_filter.h).
 */
#ifndef TIPRING_LEVEL_METER_H
#define TIPRING_LEVEL_METER_H

#include "weighting.h"

typedef struct {
    weighting_t c_message, psophometric;
    lanes_t rest;        /* the channel's direct current, slowly */
    double square[LANES], c_square[LANES], p_square[LANES]; /* sums since the last reading */
    lanes_t peak;
    lanes_t threshold;   /* of impulses */
    lane_mask_t dead;    /* samples until the next impulse may be counted */
    int32_t impulses[LANES], clipped[LANES], samples;
    int32_t taken[LANES]; /* of `samples`, at the last reading */
} level_meter_t;

/* dBm0 but where said; -150 for nothing at all. */
typedef struct {
    float rms_dbm0;
    float peak_dbm0;       /* of the sine that has this peak */
    float c_message_dbrnc0; /* 0 dBm0 at 1 kHz reads 90 */
    float psophometric_dbm0p; /* 0 dBm0 at 800 Hz reads 0 */
    float impulses;        /* ITU-T O.71 */
    float clipped;         /* samples at the end of µ-law's range (32124) or beyond */
    float samples;
} level_reading_t;

uint32_t level_meter_size(void);
/* The thresholds of impulses are at −22 dBm0. */
void level_meter_init(level_meter_t *meter);
void level_meter_reset(level_meter_t *meter, int lane);
/* ITU-T O.71 2.1: in terms of the sine whose peak just reaches it. */
void level_meter_threshold(level_meter_t *meter, int lane, float dbm0);
void level_meter_push(level_meter_t *meter, const int16_t *samples, int stride, int count);
/* Since the last one of the lane. */
void level_meter_take(level_meter_t *meter, int lane, level_reading_t *reading);

#endif
