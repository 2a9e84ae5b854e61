/*
 * The line echo canceller of four channels (ITU-T G.168): what the far end said comes back from the hybrid; here it is
 * subtracted. Filter, narrow-band guard, 2100 Hz disabler, residual suppressor and comfort noise have their own files.
 * No delay: a sample leaves in the call that brought it.
 */
#ifndef TIPRING_ECHO_CANCELLER_H
#define TIPRING_ECHO_CANCELLER_H

#include "echo_filter.h"
#include "echo_suppressor.h"
#include "narrow_band.h"
#include "tone_disabler.h"

/* Switches of a lane; all are on at first. */
#define ECHO_ADAPT 1u         /* off: the estimate is frozen and still subtracted */
#define ECHO_SUPPRESS 2u      /* the non-linear processor */
#define ECHO_COMFORT_NOISE 4u /* matched to the near noise, in place of what was suppressed */
#define ECHO_TONE_DISABLER 8u /* 2100 Hz with phase reversals from either side disables (G.168 clause 7) */

typedef struct {
    float erl_db;        /* echo return loss: far level over echo level */
    float erle_db;       /* echo return loss enhancement: echo before over echo after cancellation, without the suppressor */
    float residual_dbm0; /* level after cancellation while the far end speaks, without the suppressor */
    int32_t converged;   /* 1: the estimate is good */
    int32_t disabled;    /* 1: by a modem's tone; near passes untouched */
} echo_reading_t;

typedef struct {
    lane_mask_t adapt, suppress, comfort_noise, tone_disabler; /* the switches */
    lanes_t far_in, far_out, near_in, near_out;                 /* the blockers of direct current */
    lanes_t far_power, near_power, echo_power, residual_power;  /* mean squares while the far end is active */
    lanes_t share;                                              /* of the estimate that is subtracted: 0 where it would do harm */
    lanes_t idle;                                               /* blocks since far was more than idle noise */
    lanes_t own;                                                /* recent blocks of a far tone that were not cancelled */
    lanes_t recent_near, recent_error;                          /* energies that decide this */
    echo_reading_t reading[LANES];
    narrow_band_t narrow_band;
    tone_disabler_t disabler;
    echo_suppressor_t suppressor;
    echo_filter_t filter;
} echo_canceller_t;

/* Bytes for a tail of 32, 64 or 128 ms. */
uint32_t echo_canceller_size(int tail_ms);
void echo_canceller_init(echo_canceller_t *canceller, int tail_ms);
void echo_canceller_switch(echo_canceller_t *canceller, int lane, uint32_t switches);
/* The lane knows nothing any more (G.168: H register cleared); its switches stay. The other lanes do not notice. */
void echo_canceller_reset(echo_canceller_t *canceller, int lane);
/*
 * What is sent to the lines (far), what comes from them (near), and what is left of that (out, which may be near).
 * Strides and count are in samples; count is a multiple of 32.
 */
void echo_canceller_process(echo_canceller_t *canceller, const int16_t *far, int far_stride, const int16_t *near, int near_stride, int16_t *out, int out_stride, int count);
/* Brings the lane's reading up to date. */
const echo_reading_t *echo_canceller_read(echo_canceller_t *canceller, int lane);

#endif
