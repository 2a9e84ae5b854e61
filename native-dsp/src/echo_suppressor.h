/*
 * The non-linear processor of the echo canceller, four channels: what the filter leaves of the echo is suppressed in five
 * bands, each by as much as it is residual echo, so that near speech passes in the bands where it is. In the place of what was
 * suppressed comes noise with the spectrum of the line's own, measured while the far end was silent (G.168 clause 6.4, test 9).
 */
#ifndef TIPRING_ECHO_SUPPRESSOR_H
#define TIPRING_ECHO_SUPPRESSOR_H

#include "echo_filter.h"

#define ECHO_SUPPRESSOR_BANDS 5

typedef struct { lanes_t first, second; } echo_split_t;
typedef uint32_t lane_random_t __attribute__((vector_size(4 * LANES)));

typedef struct {
    lanes_t error[ECHO_SUPPRESSOR_BANDS];  /* powers, smoothed */
    lanes_t expected[ECHO_SUPPRESSOR_BANDS]; /* of them residual echo */
    lanes_t leak[ECHO_SUPPRESSOR_BANDS];   /* residual over echo, as learnt */
    lanes_t gain[ECHO_SUPPRESSOR_BANDS];   /* at the end of the last block */
    echo_split_t split[ECHO_SUPPRESSOR_BANDS - 1];
    lanes_t counted[ECHO_SUPPRESSOR_BANDS]; /* blocks of the window in which minima are sought */
    lanes_t smooth[ECHO_BINS], lowest[ECHO_BINS], lowest_before[ECHO_BINS]; /* power spectra: now, its minimum in this window and in the last */
    lanes_t noise[ECHO_BINS];     /* power spectrum of the near noise */
    lanes_t amplitude[ECHO_BINS]; /* of comfort noise */
    lanes_t wave[BLOCK_FFT_SAMPLES]; /* comfort noise, which repeats */
    lane_mask_t active;           /* where something is suppressed */
    int beat;                     /* 0: a new wave is made in this block */
    float fade[ECHO_BLOCK];       /* in; read backwards it is the fade out of the same power */
    lane_random_t random;
    int turn;      /* band whose noise is learnt next */
    int refreshed; /* bin of amplitude, by turns */
} echo_suppressor_t;

void echo_suppressor_init(echo_suppressor_t *suppressor);
void echo_suppressor_reset(echo_suppressor_t *suppressor, int lane);
/* Works on block->error in place, in the lanes of `suppress`; noise in those of `fill` too. */
void echo_suppressor_step(echo_suppressor_t *suppressor, const block_fft_t *fft, echo_block_t *block, lane_mask_t suppress, lane_mask_t fill);

#endif
