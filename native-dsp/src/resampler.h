/*
 * Conversion between 8, 16 and 48 kHz by polyphase FIR: factors 2, 3 and 6, up or down, streaming.
 *
 * Linear phase, Kaiser window, an L-th band filter (going up, every L-th sample is the input's own). At the lower of the two rates, fl:
 * pass band to 0.45 fl (3.6 kHz, 7.2 kHz) within ±0.02 dB, stop band from 0.55 fl at least 65 dB down, half amplitude at 0.5 fl.
 * Delay, in samples of the lower rate: 20 going up, 19 going down; that is 2.5 ms beside 8 kHz and 1.25 ms between 16 and 48 kHz.
 */
#ifndef TIPRING_RESAMPLER_H
#define TIPRING_RESAMPLER_H

#include "dsp.h"

#define RESAMPLER_FACTOR_MAX 6
/* Of each phase; a multiple of four. The delay is half of it. */
#define RESAMPLER_TAPS 40
/* Of a call, at the lower rate: 20 ms at 16 kHz. */
#define RESAMPLER_SAMPLES_MAX 320
#define RESAMPLER_SAMPLES_STEP 16

/* The filter of one conversion, which all its channels share. */
typedef struct {
    int32_t factor;
    int32_t up; /* 1 from the lower to the higher rate */
    float taps[RESAMPLER_FACTOR_MAX][RESAMPLER_TAPS];
} resampler_filter_t;

/* What a channel remembers. Going up only the first row is used. */
typedef struct {
    float history[RESAMPLER_FACTOR_MAX][RESAMPLER_TAPS];
} resampler_t;

uint32_t resampler_filter_size(void);
/* False for a conversion there is none of. */
int resampler_filter_init(resampler_filter_t *filter, int from_hz, int to_hz);

uint32_t resampler_size(void);
void resampler_init(resampler_t *resampler);
/*
 * `count` samples of input: at the lower rate a multiple of RESAMPLER_SAMPLES_STEP, at most RESAMPLER_SAMPLES_MAX; at the higher `factor` times that.
 * Returns how many were written to `to`, which must not overlap the input; 0 when `count` is not such.
 */
int resampler_process(const resampler_filter_t *filter, resampler_t *resampler, const int16_t *from, int count, int16_t *to);

#endif
