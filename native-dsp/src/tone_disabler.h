/*
 * Finds the answer tone by which modems and text telephones ask that echo cancellers step aside, in both directions of four
 * channels: 2100 Hz whose phase is reversed every 450 ms (ITU-T G.168 clause 7, G.164 clause 5, V.25). The same tone without
 * reversals (V.21 fax) does not count. The disabled state is held while there is signal, and ends after 250 ms of quiet.
 */
#ifndef TIPRING_TONE_DISABLER_H
#define TIPRING_TONE_DISABLER_H

#include "lanes.h"

#define TONE_DISABLER_BLOCK 32
#define TONE_DISABLER_PERIOD 80 /* samples after which 2100 Hz repeats at 8 kHz */

/* One direction. */
typedef struct {
    lanes_t re[2], im[2];     /* the tone's phasor in the last two blocks, newest first */
    lanes_t turn_re, turn_im; /* its rotation a block, of length one at most: by how much it is beside 2100 Hz */
    lane_mask_t clear[2];     /* whether those blocks were the tone */
    lanes_t steady;           /* blocks of it in succession */
    lanes_t missing;          /* blocks without it in succession */
    lanes_t since;            /* blocks since the last reversal */
    lanes_t reversals;        /* in their right distance */
} tone_disabler_side_t;

typedef struct {
    float cosine[TONE_DISABLER_PERIOD + TONE_DISABLER_BLOCK], sine[TONE_DISABLER_PERIOD + TONE_DISABLER_BLOCK];
    int phase;
    tone_disabler_side_t far, near;
    lanes_t quiet; /* blocks in succession below the holding level, both ways */
    lane_mask_t disabled;
} tone_disabler_t;

void tone_disabler_init(tone_disabler_t *disabler);
void tone_disabler_reset(tone_disabler_t *disabler, int lane);
/* A block of both directions with its energies (sums of squares); where the canceller is to be disabled. */
lane_mask_t tone_disabler_push(tone_disabler_t *disabler, const lanes_t *far, const lanes_t *near, lanes_t far_energy, lanes_t near_energy);

#endif
