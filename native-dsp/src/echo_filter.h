/*
 * The adaptive filter of the echo canceller, four channels: a partitioned-block frequency-domain Kalman filter (Enzner and
 * Vary 2006, diagonal form) in blocks of 32 samples, with four additions that make it fast on line echo: a gain in proportion
 * to the root of each partition's energy, a second look at recent blocks while the estimate is bad (data replay), a detector of
 * changed echo paths, and a trial of those changes that double talk does not pass. The numbers are in echo_estimate.c; here is
 * decided when and how much is learnt.
 */
#ifndef TIPRING_ECHO_FILTER_H
#define TIPRING_ECHO_FILTER_H

#include "echo_estimate.h"
#include "echo_trial.h"

/* What is known of a block after its step. */
typedef struct {
    lanes_t echo[ECHO_BLOCK];  /* the estimate */
    lanes_t error[ECHO_BLOCK]; /* near without it */
    echo_spectrum_t spectrum;  /* of the error, over the 32 samples */
    echo_bands_t echo_power;   /* of the estimate, over 64 samples */
    echo_bands_t uncertainty;  /* power of the echo that the estimate may be missing, over 64 samples */
    lanes_t far_energy, near_energy;   /* sums of squares over the block, which the caller fills in */
    lanes_t echo_energy, error_energy;
} echo_block_t;

typedef struct {
    echo_estimate_t estimate;
    echo_trial_t trial;
    int near_head;  /* newest near block */
    int clock;      /* counts blocks: which partition is constrained, which past block is looked at next */
    lanes_t near[ECHO_HISTORY][ECHO_BLOCK];
    echo_bands_t uncertainty[ECHO_HISTORY]; /* of those blocks, at their time */
    echo_bands_t noise;                     /* power spectrum of the error */
    lanes_t echo_error, echo_power, error_power, near_power, far_power; /* running means of a block's sums */
    lanes_t left_power;  /* as error_power, of what is handed out: in a trial that may be another */
    lanes_t hold;        /* blocks until a change is looked for again */
    lanes_t eagerness;   /* active blocks left in which replay is allowed */
    lanes_t unconverged; /* share of recent blocks with less than 20 dB of cancellation */
    lanes_t taught;      /* active blocks without a tone from which the estimate was made */
    lane_mask_t tonal;   /* where the last block was a tone */
    lanes_t tone_gap;    /* blocks since the last that was a tone */
    lanes_t tone_blocks; /* of this tone, from which a fresh estimate was learnt */
    lanes_t tone_near;   /* the near level at the end of that */
} echo_filter_t;

/* Bytes behind the state. */
uint32_t echo_filter_extra(int partitions);
void echo_filter_init(echo_filter_t *filter, int partitions, void *extra);
void echo_filter_reset(echo_filter_t *filter, int lane);
/*
 * Cancels one block, and learns from it in the lanes of `adapt`; where far is `tonal` an estimate that is good for speech
 * is left alone, and a fresh one is learnt for this tone only, from its first 300 ms.
 */
void echo_filter_step(echo_filter_t *filter, const lanes_t far[ECHO_BLOCK], const lanes_t near[ECHO_BLOCK], lane_mask_t adapt, lane_mask_t tonal, echo_block_t *block);

#endif
