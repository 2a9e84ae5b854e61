/*
 * ITU-T G.722 at 64 kbit/s (mode 1): 16 kHz audio in two bands of 8 kHz, each coded by ADPCM, 6 bits for the lower and 2 for the
 * higher one. Bit-exact. Encoder and decoder are states of their own, of one channel: a codec works for one leg.
 *
 * One byte of payload is two samples. Any bytes decode to something, and any history is forgotten: coefficients and step sizes leak.
 */
#ifndef TIPRING_G722_H
#define TIPRING_G722_H

#include "dsp.h"

/* Taps of the mirror filters, which both directions keep as history (two samples less). */
#define G722_TAPS 24
/* The work area: 20 ms at once, longer blocks are cut. */
#define G722_BLOCK 320

typedef int16_t taps_t __attribute__((vector_size(16)));

typedef struct {
    taps_t d;          /* quantized differences, the newest first: 6, then zeros */
    taps_t zero;       /* coefficients of the zero section, Q14 */
    int16_t r[2];      /* reconstructed signal */
    int16_t pole[2];   /* coefficients of the pole section, Q14 */
    int16_t p_sign[2]; /* of the partially reconstructed signal: 0 or -1 */
    int16_t zero_estimate, estimate;
    int16_t log_step, step;
} g722_band_t;

typedef struct {
    g722_band_t low, high;
    int16_t line[G722_TAPS - 2 + G722_BLOCK]; /* history first, then the block at work */
} g722_t;

uint32_t g722_size(void);
/* Of an encoder or a decoder. */
void g722_init(g722_t *state);
/* `bytes` of payload from twice as many samples. */
void g722_encode(g722_t *state, const int16_t *samples, uint8_t *payload, int bytes);
void g722_decode(g722_t *state, const uint8_t *payload, int16_t *samples, int bytes);

#endif
