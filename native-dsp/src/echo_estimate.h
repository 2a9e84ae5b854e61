/*
 * An estimate of the echo paths of four channels, and what it is held against: partitions of 32 taps in the frequency domain,
 * how far each bin of each may be off (the diagonal of a Kalman filter's covariance), and the far spectra of the tail. When and
 * how much is learnt is decided in echo_filter.c.
 */
#ifndef TIPRING_ECHO_ESTIMATE_H
#define TIPRING_ECHO_ESTIMATE_H

#include "block_fft.h"

#define ECHO_BLOCK 32
#define ECHO_BINS BLOCK_FFT_BINS
#define ECHO_PARTITIONS_MAX 32 /* of 4 ms: 128 ms */
#define ECHO_HISTORY 8         /* blocks of the recent past kept for replay */

typedef struct {
    lanes_complex_t bins[ECHO_BINS];
} echo_spectrum_t;

typedef struct {
    lanes_t at[ECHO_BINS];
} echo_bands_t;

typedef struct {
    block_fft_t fft;
    int partitions;
    int head; /* newest far spectrum, among partitions + ECHO_HISTORY */
    bool heard[ECHO_PARTITIONS_MAX + ECHO_HISTORY]; /* far spectra that are not zero in all lanes */
    lanes_t previous_far[ECHO_BLOCK], previous_energy;
    lanes_t energy[ECHO_PARTITIONS_MAX]; /* of each partition */
    lanes_t gain[ECHO_PARTITIONS_MAX];   /* of each partition, in proportion to the root of that */
    /* Behind the state, by the tail: */
    echo_spectrum_t *far;   /* partitions + ECHO_HISTORY */
    echo_spectrum_t *taps;  /* partitions */
    echo_bands_t *variance; /* partitions: how far they may be off */
    echo_spectrum_t *kept_taps; /* an earlier estimate, which another is compared with */
    echo_bands_t *kept_variance;
} echo_estimate_t;

/* The correction that a block asks for. */
typedef struct {
    lanes_complex_t step[ECHO_BINS]; /* the error over what it may consist of */
    lanes_t weight[ECHO_BINS];       /* one over that */
    lanes_t trust[ECHO_BINS];        /* the part of it that may be the estimate's fault */
    lanes_t certainty, drift;        /* see echo_filter.c */
    lane_mask_t where;               /* lanes that learn */
    lane_mask_t settled;             /* … and of which only now and then it is reckoned how sure they are */
} echo_lesson_t;

/* Bytes behind the state. */
uint32_t echo_estimate_extra(int partitions);
void echo_estimate_init(echo_estimate_t *estimate, int partitions, void *extra);
void echo_estimate_reset(echo_estimate_t *estimate, int lane);
/* The next far block with its energy; and the gains that hold until the next one. */
void echo_estimate_hear(echo_estimate_t *estimate, const lanes_t far[ECHO_BLOCK], lanes_t far_energy);
/* The echo of the block `age` blocks ago by today's estimate, its spectrum, and how far that may be off unless NULL. */
void echo_estimate_predict(const echo_estimate_t *estimate, int age, lanes_t echo[ECHO_BLOCK], lanes_complex_t spectrum[ECHO_BINS], lanes_t *uncertainty);
/* The echo of the newest block by the kept estimate. */
void echo_estimate_predict_kept(const echo_estimate_t *estimate, lanes_t echo[ECHO_BLOCK], lanes_complex_t spectrum[ECHO_BINS]);
void echo_estimate_spectrum(const echo_estimate_t *estimate, const lanes_t error[ECHO_BLOCK], lanes_complex_t bins[ECHO_BINS]);
/* By the newest block; `clock` counts them. */
void echo_estimate_learn(echo_estimate_t *estimate, const echo_lesson_t *lesson, int clock);
/* By the block `age` blocks ago; how sure the estimate is stays as it was. */
void echo_estimate_correct(echo_estimate_t *estimate, int age, const lanes_complex_t step[ECHO_BINS]);
/* As unsure again as `level`. */
void echo_estimate_doubt(echo_estimate_t *estimate, lane_mask_t where, lanes_t level);
/* Nothing is known of the path any more. */
void echo_estimate_forget(echo_estimate_t *estimate, lane_mask_t where);
/* Overlap-save needs estimates of 32 taps: what has grown behind them is cut off, `count` partitions in each block by turns. */
void echo_estimate_constrain(echo_estimate_t *estimate, int count, int clock, lane_mask_t where);
void echo_estimate_keep(echo_estimate_t *estimate, lane_mask_t where);
void echo_estimate_take_back(echo_estimate_t *estimate, lane_mask_t where);
/* Sum of the squares of all bins. */
lanes_t echo_estimate_energy(const echo_estimate_t *estimate);

static inline lanes_t echo_power_of(lanes_complex_t a) { return a.re * a.re + a.im * a.im; }
/* Variance of an estimate that knows nothing. */
static const float echo_variance_at_first = 0.06f;

#endif
