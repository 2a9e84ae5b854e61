/*
 * Conversion between two clocks that both call themselves 8 (16, 48) kHz: a card's crystal and the network's. The ratio is set each
 * tick in parts per million and may change at any time; the position in the input is continuous, so nothing clicks.
 *
 * A Kaiser-windowed sinc of 32 samples, in 64 phases and between them linearly. Delay: 16 samples (2 ms at 8 kHz). Within ±0.1 dB to
 * 0.43 of the sampling rate (3.4 kHz at 8 kHz).
 */
#ifndef TIPRING_DRIFT_RESAMPLER_H
#define TIPRING_DRIFT_RESAMPLER_H

#include "dsp.h"

#define DRIFT_TAPS 32
#define DRIFT_PHASES 64
#define DRIFT_PPM_MAX 1000.0f
/* Of a call, both in and out: 20 ms at 48 kHz and what the ratio may add. A call for more does nothing and returns 0. */
#define DRIFT_SAMPLES_MAX 964

/* What all channels share. */
typedef struct {
    float taps[DRIFT_PHASES + 1][DRIFT_TAPS];
} drift_filter_t;

typedef struct {
    int64_t step;     /* input samples for each output sample, in 2^-32 */
    int64_t position; /* of the next output, from the first sample that is to come, in 2^-32; −1 sample or more */
    float history[DRIFT_TAPS];
} drift_resampler_t;

uint32_t drift_filter_size(void);
void drift_filter_init(drift_filter_t *filter);
uint32_t drift_resampler_size(void);
void drift_resampler_init(drift_resampler_t *resampler);
/* Positive consumes input faster than it gives output: for a source whose clock is that much fast. Kept within ±DRIFT_PPM_MAX. */
void drift_resampler_set(drift_resampler_t *resampler, float ppm);
/* How many samples of input the next `count` samples of output will consume. */
int drift_resampler_needs(const drift_resampler_t *resampler, int count);
/* For a sink that clocks: writes `count` samples and returns how many of `from` it consumed, as drift_resampler_needs says. */
int drift_resampler_take(const drift_filter_t *filter, drift_resampler_t *resampler, const int16_t *from, int16_t *to, int count);
/* For a source that clocks: consumes `count` samples and returns how many it wrote, at most count · 1.001 + 1. */
int drift_resampler_push(const drift_filter_t *filter, drift_resampler_t *resampler, const int16_t *from, int count, int16_t *to);

#endif
