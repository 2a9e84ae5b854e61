/*
 * Changes of path on trial, four channels. What a settled estimate suddenly leaves may be the echo of another path, of one that
 * slipped by a sample, or the near party: it need not be told beforehand. The estimate is kept as it is, a copy full of doubt
 * learns from what is heard, the better of both is handed out (Ochiai, Araseki and Ogihara 1977: two echo paths), and the copy
 * must be much better in the end. In double talk nobody can be.
 */
#ifndef TIPRING_ECHO_TRIAL_H
#define TIPRING_ECHO_TRIAL_H

#include "echo_estimate.h"

/* Powers are sums of squares over a block. */
typedef struct {
    lanes_t left;       /* active blocks that a trial still lasts; 0: none */
    lanes_t patience;   /* active blocks until the next one may begin */
    lanes_t setback;    /* patience after the next one that fails */
    lanes_t excuse;     /* the error that the last one did not lessen */
    lanes_t new_soon, kept_soon; /* errors of both: short running means */
    lanes_t new_sum, kept_sum;   /* and sums over the second half of the trial */
    lanes_t kept_share; /* of the kept estimate in the echo at the end of the last block */
    lanes_t eagerness;  /* of the filter when it began */
    echo_bands_t uncertainty; /* of the kept estimate when the trial began */
} echo_trial_t;

/* How a block of a trial went. */
typedef struct {
    lanes_t from, to;         /* share of the kept estimate in the block's echo, at its beginning and end */
    lane_mask_t on, won, lost; /* in a trial; the trial ended with this block */
} echo_verdict_t;

void echo_trial_reset(echo_trial_t *trial, int lane);
/* Where one may begin: the filter leaves `error` of `near`, as running means, in `active` lanes. `good`: it is beyond suspicion. */
lane_mask_t echo_trial_due(echo_trial_t *trial, lanes_t error, lanes_t near, lane_mask_t active, lane_mask_t good);
void echo_trial_begin(echo_trial_t *trial, lane_mask_t where, lanes_t error, lanes_t eagerness, const echo_bands_t *uncertainty);
/* The filter has just settled, and `error` is what its best efforts leave. */
void echo_trial_calm(echo_trial_t *trial, lane_mask_t where, lanes_t error);
/* The errors of both estimates in a block, and the running mean of what was handed out. */
echo_verdict_t echo_trial_judge(echo_trial_t *trial, lanes_t new_error, lanes_t kept_error, lanes_t error, lane_mask_t active);

static inline lane_mask_t echo_trial_on(const echo_trial_t *trial) { return trial->left > lanes_splat(0.5f); }

#endif
