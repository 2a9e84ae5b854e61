/*
 * What DTMF is (ITU-T Q.23), the filters in front of its receiver, and the table that all receivers of a DSP share.
 */
#ifndef TIPRING_DTMF_TABLE_H
#define TIPRING_DTMF_TABLE_H

#include "dsp.h"

#define DTMF_FREQUENCIES 8
#define DTMF_HOP 40      /* samples at 8 kHz: 5 ms */
#define DTMF_HALF_HOP 20 /* the same at 4 kHz, half a window */

/* ITU-T Q.23 clause 5: the low group, then the high group, in Hz. */
static const double dtmf_frequency[DTMF_FREQUENCIES] = {697.0, 770.0, 852.0, 941.0, 1209.0, 1336.0, 1477.0, 1633.0};
/* By 4 × row + column. */
static const char dtmf_digits[] = "123A456B789C*0#D";

/* Elliptic half-band filter of order 5 as two allpass branches: 33 dB from 2340 Hz on, which folds to 1660 Hz and below. */
static const float dtmf_branch[2] = {0.257914f, 0.737022f};
/* Elliptic high-pass of order 4 at 4 kHz: 0.3 dB from 670 Hz, 34 dB below 460 Hz, zeros at 210 and 445 Hz. */
static const float dtmf_high_pass_gain = 0.28991330f;
static const float dtmf_zeros[2] = {-1.89188580f, -1.53151382f};
static const float dtmf_poles[2][2] = {{-0.30725044f, 0.19027304f}, {-0.96044386f, 0.79388342f}};

/* What all receivers of a DSP share; made once. */
typedef struct {
    float tone[DTMF_HALF_HOP][2 * DTMF_FREQUENCIES]; /* window × cosine (4), sine (4) of the low group, then of the high */
    float energy[DTMF_HALF_HOP];                     /* window */
    float gain[DTMF_FREQUENCIES];                    /* of the filters */
    float level[DTMF_FREQUENCIES];                   /* square of its inverse */
    float advance_cosine[DTMF_FREQUENCIES];          /* of the phase over a hop at the nominal frequency */
    float advance_sine[DTMF_FREQUENCIES];
    float tolerance[DTMF_FREQUENCIES];               /* tangent of the greatest deviation of that phase */
} dtmf_table_t;

uint32_t dtmf_table_size(void);
void dtmf_table_init(dtmf_table_t *table);

#endif
