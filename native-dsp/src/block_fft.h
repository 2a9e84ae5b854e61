/*
 * The real Fourier transform of 64 samples of four channels, for overlap-save filtering in blocks of 32 samples.
 * Unscaled forwards; backwards divides by 64, so that there and back is the identity.
 */
#ifndef TIPRING_BLOCK_FFT_H
#define TIPRING_BLOCK_FFT_H

#include "lanes.h"

#define BLOCK_FFT_SAMPLES 64
#define BLOCK_FFT_HALF 32
#define BLOCK_FFT_BINS 33 /* 0 … 4000 Hz in steps of 125 Hz */

typedef struct { lanes_t re, im; } lanes_complex_t;

typedef struct {
    float cosine[BLOCK_FFT_SAMPLES]; /* e^(-j2πk/64) */
    float sine[BLOCK_FFT_SAMPLES];
} block_fft_t;

void block_fft_init(block_fft_t *fft);
void block_fft_forward(const block_fft_t *fft, const lanes_t samples[BLOCK_FFT_SAMPLES], lanes_complex_t bins[BLOCK_FFT_BINS]);
void block_fft_backward(const block_fft_t *fft, const lanes_complex_t bins[BLOCK_FFT_BINS], lanes_t samples[BLOCK_FFT_SAMPLES]);

#endif
