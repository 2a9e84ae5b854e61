/*
 * Power spectra of four channels at once: 1024 samples (128 ms) under a Hann window. One of these, with its tables and its
 * working memory, serves all groups of an instance.
 */
#ifndef TIPRING_TONE_SPECTRUM_H
#define TIPRING_TONE_SPECTRUM_H

#include "lanes.h"

#define TONE_WINDOW 1024
#define TONE_BINS (TONE_WINDOW / 2)
/* 7.8125 Hz. */
#define TONE_BIN_HZ ((float)DSP_SAMPLE_RATE_HZ / TONE_WINDOW)

/* Four 16-bit samples, one of each channel, by this factor: a DC blocker answers a step of full scale with twice of it. */
#define TONE_RING_SCALE 0.4998f
typedef int16_t samples4_t __attribute__((vector_size(2 * LANES)));

typedef struct { lanes_t re, im; } tone_complex_t;

typedef struct {
    tone_complex_t work[TONE_BINS];
    /* Power of each bin: a sine of 1.0 mean square gives 1.0 in all, spread over the bins within two of its own. */
    lanes_t power[TONE_BINS];
    float window[TONE_WINDOW];
    float twiddle[TONE_BINS][2];     /* e^(-2πi·n/512) */
    float half_twiddle[TONE_BINS][2]; /* e^(-2πi·n/1024) */
    uint16_t place[TONE_BINS];       /* where the transform leaves a frequency */
} tone_spectrum_t;

uint32_t tone_spectrum_size(void);
void tone_spectrum_init(tone_spectrum_t *spectrum);
/* Of the TONE_WINDOW samples in a ring of that size, the oldest at `start`: fills `power`. */
void tone_spectrum_take(tone_spectrum_t *spectrum, const samples4_t *ring, uint32_t start);

#endif
