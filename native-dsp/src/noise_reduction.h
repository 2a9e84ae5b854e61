/*
 * Reduces the steady noise of four analog lines at 8 kHz. Frames of 64 samples, every 32; delay 64 samples (8 ms). A lane that is off
 * (fax, modem) passes bit-exactly and without delay.
 *
 * The noise of each band of 125 Hz is followed by its minima (Martin 2001, over 1.2 to 2.4 s), updated only where speech is
 * improbable (Cohen & Berdugo 2002). The gain is Wiener's with the decision-directed signal-to-noise ratio of Ephraim & Malah 1984,
 * smoothed over neighbouring bands and never below a floor, which is what keeps musical noise away.
 */
#ifndef TIPRING_NOISE_REDUCTION_H
#define TIPRING_NOISE_REDUCTION_H

#include "block_fft.h"

#define NOISE_DELAY 64

typedef struct {
    block_fft_t fft;
    float window[BLOCK_FFT_SAMPLES];      /* square root of Hann's: applied before and after */
    lanes_t input[BLOCK_FFT_SAMPLES];     /* the frame that is being filled from the middle */
    lanes_t overlap[BLOCK_FFT_HALF];      /* what the last frame gives to the next half */
    lanes_t output[BLOCK_FFT_HALF];       /* of the last frame, on its way out */
    lanes_t smooth[BLOCK_FFT_BINS];       /* power */
    lanes_t least[BLOCK_FFT_BINS], next_least[BLOCK_FFT_BINS]; /* of the window, and of the one that is being gathered */
    lanes_t noise[BLOCK_FFT_BINS];
    lanes_t presence[BLOCK_FFT_BINS];     /* of speech, 0 … 1 */
    lanes_t clean[BLOCK_FFT_BINS];        /* power of the last frame's result */
    lanes_t gains[BLOCK_FFT_BINS];
    lanes_t floor;                        /* amplitude */
    lane_mask_t on;
    int32_t filled;                       /* samples of the half frame */
    int32_t frames[LANES];                /* since the lane began, to 2^30 */
    int32_t gathered;                     /* frames of the window */
} noise_reduction_t;

uint32_t noise_reduction_size(void);
/* All lanes are off. */
void noise_reduction_init(noise_reduction_t *reduction);
/* Noise is reduced by at most `db`, 0 … 20; 12 is a good measure. What the lane knows of its noise is kept. */
void noise_reduction_enable(noise_reduction_t *reduction, int lane, float db);
void noise_reduction_disable(noise_reduction_t *reduction, int lane);
/* Before a channel serves another line: off, and its noise is forgotten. */
void noise_reduction_reset(noise_reduction_t *reduction, int lane);
/* In place; `stride` is in samples. Any count. */
void noise_reduction_process(noise_reduction_t *reduction, int16_t *samples, int stride, int count);
/* What is being followed as noise, dBm0. */
float noise_reduction_noise_dbm0(const noise_reduction_t *reduction, int lane);

#endif
