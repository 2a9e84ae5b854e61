#include "echo_trial.h"

/* More than this of the near signal (-15 dB), and more than -50 dBm0, is suspicious. */
static const float suspicious_ratio = 0.03f, suspicious_power = 51.0f * 51.0f;
/* Active blocks of a trial: 320 ms, of which the second half counts. */
static const float trial_blocks = 80.0f, trial_half = 40.0f;
/* Won: 6 dB less is left. A slip of one sample makes more than 8 dB; voices of the same pitch may make 4 dB for a while. */
static const float winning_ratio = 0.25f;
/* The new estimate is handed out when it is 4 dB better over some 10 blocks. */
static const float better_ratio = 0.4f, soon_part = 0.1f;
/* After one that failed: 0.6 s until the next, then twice as long each time. After the filter has settled: 1.2 s. */
static const float setback_blocks = 150.0f, setback_most_blocks = 1200.0f, calm_blocks = 300.0f;
/* At once when the error is this much another than the one that was excused: double talk has ended, or something begun. */
static const float excuse_under = 0.3f, excuse_over = 4.0f;

void echo_trial_reset(echo_trial_t *trial, int lane)
{
    trial->left[lane] = trial->patience[lane] = trial->excuse[lane] = trial->kept_share[lane] = trial->eagerness[lane] = 0.0f;
    trial->new_soon[lane] = trial->kept_soon[lane] = trial->new_sum[lane] = trial->kept_sum[lane] = 0.0f;
    trial->setback[lane] = setback_blocks;
    for (int k = 0; k < ECHO_BINS; k++) trial->uncertainty.at[k][lane] = 0.0f;
}

lane_mask_t echo_trial_due(echo_trial_t *trial, lanes_t error, lanes_t near, lane_mask_t active, lane_mask_t good)
{
    lanes_t zero = lanes_splat(0.0f), one = lanes_splat(1.0f);
    lane_mask_t another = (error < lanes_splat(excuse_under) * trial->excuse) | (error > lanes_splat(excuse_over) * trial->excuse);
    trial->patience = lanes_select(active, lanes_select(another, zero, lanes_max(trial->patience - one, zero)), trial->patience);
    trial->setback = lanes_select(good, lanes_splat(setback_blocks), trial->setback);
    return active & ~echo_trial_on(trial) & (trial->patience < lanes_splat(0.5f))
        & (error > lanes_splat(suspicious_ratio) * near) & (error > lanes_splat(ECHO_BLOCK * suspicious_power));
}

void echo_trial_begin(echo_trial_t *trial, lane_mask_t where, lanes_t error, lanes_t eagerness, const echo_bands_t *uncertainty)
{
    lanes_t zero = lanes_splat(0.0f);
    trial->left = lanes_select(where, lanes_splat(trial_blocks), trial->left);
    trial->excuse = lanes_select(where, error, trial->excuse);
    trial->eagerness = lanes_select(where, eagerness, trial->eagerness);
    trial->kept_share = lanes_select(where, lanes_splat(1.0f), trial->kept_share);
    trial->new_soon = lanes_select(where, zero, trial->new_soon);
    trial->kept_soon = lanes_select(where, zero, trial->kept_soon);
    trial->new_sum = lanes_select(where, zero, trial->new_sum);
    trial->kept_sum = lanes_select(where, zero, trial->kept_sum);
    for (int k = 0; k < ECHO_BINS; k++) trial->uncertainty.at[k] = lanes_select(where, uncertainty->at[k], trial->uncertainty.at[k]);
}

void echo_trial_calm(echo_trial_t *trial, lane_mask_t where, lanes_t error)
{
    trial->excuse = lanes_select(where, error, trial->excuse);
    trial->patience = lanes_select(where, lanes_splat(calm_blocks), trial->patience);
}

echo_verdict_t echo_trial_judge(echo_trial_t *trial, lanes_t new_error, lanes_t kept_error, lanes_t error, lane_mask_t active)
{
    lanes_t zero = lanes_splat(0.0f), one = lanes_splat(1.0f);
    echo_verdict_t verdict = {.on = echo_trial_on(trial)};
    lanes_t part = lanes_select(verdict.on, lanes_splat(soon_part), zero);
    trial->new_soon += (new_error - trial->new_soon) * part;
    trial->kept_soon += (kept_error - trial->kept_soon) * part;
    /* What is not a number is not better. */
    lane_mask_t better = trial->new_soon <= trial->kept_soon * lanes_splat(better_ratio);
    verdict.from = lanes_select(verdict.on, trial->kept_share, zero);
    verdict.to = trial->kept_share = lanes_select(verdict.on & ~better, one, zero);

    lane_mask_t counted = verdict.on & active;
    trial->left = lanes_select(counted, trial->left - one, trial->left);
    lane_mask_t sum = counted & (trial->left <= lanes_splat(trial_half)), over = counted & (trial->left < lanes_splat(0.5f));
    trial->new_sum = lanes_select(sum, trial->new_sum + new_error, trial->new_sum);
    trial->kept_sum = lanes_select(sum, trial->kept_sum + kept_error, trial->kept_sum);
    verdict.won = over & (trial->new_sum < trial->kept_sum * lanes_splat(winning_ratio));
    verdict.lost = over & ~verdict.won;
    trial->left = lanes_select(over, zero, trial->left);
    trial->excuse = lanes_select(verdict.on, lanes_max(trial->excuse, error), trial->excuse);
    trial->patience = lanes_select(verdict.lost, trial->setback, trial->patience);
    lanes_t longer = lanes_min(trial->setback + trial->setback, lanes_splat(setback_most_blocks));
    trial->setback = lanes_select(verdict.lost, longer, lanes_select(verdict.won, lanes_splat(setback_blocks), trial->setback));
    return verdict;
}
