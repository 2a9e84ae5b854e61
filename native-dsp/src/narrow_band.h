/*
 * Tells tones from sounds that teach an adaptive filter something, four channels. One or two sines are foretold by their own
 * four last samples; noise and speech are not, or not for long. An echo canceller that goes on learning during a tone learns
 * one frequency and forgets all others (G.168 test 6).
 */
#ifndef TIPRING_NARROW_BAND_H
#define TIPRING_NARROW_BAND_H

#include "lanes.h"

#define NARROW_BAND_BLOCK 32
#define NARROW_BAND_ORDER 4
#define NARROW_BAND_BLOCKS 8 /* looked at together: 32 ms */
#define NARROW_BAND_PRODUCTS 15

typedef struct {
    lanes_t before;                  /* the last sample */
    lanes_t past[NARROW_BAND_ORDER]; /* emphasized, newest first */
    lanes_t products[NARROW_BAND_BLOCKS][NARROW_BAND_PRODUCTS];
    lanes_t tonal; /* blocks in succession */
    lanes_t hold;  /* blocks until a tone that has ended is forgotten */
    int at;
} narrow_band_t;

void narrow_band_reset(narrow_band_t *detector, int lane);
/* A block; where the last 32 ms were a tone, and for a while after. */
lane_mask_t narrow_band_push(narrow_band_t *detector, const lanes_t samples[NARROW_BAND_BLOCK]);

#endif
