#include "echo_filter.h"

/* Far level below which nothing is learnt: -49 dBm0 (rms 60). */
static const float active_power = 60.0f * 60.0f;
/*
 * Of the ideal decrease of the variance by a block, that part which is believed: blocks are alike, and bins not independent.
 */
static const float certainty = 0.45f;
/* What the noise is at least: G.711 quantization of near (-34 dB), and -61 dBm0. */
static const float quantization = 4e-4f;
static const float noise_floor = 200.0f * ECHO_BLOCK;
/* Of the last noise spectrum that is kept after a block. */
static const float noise_memory = 0.85f;
/* Drift of the echo path that the filter expects a block, of the estimate's power: after a change, and settled. */
static const float drift_eager = 3e-4f;
static const float drift_settled = 2e-6f;
/* Blocks after a start or change in which replay is allowed, counted while far is active: 1.2 s. */
static const float eager_blocks = 300.0f;
/* The noise counts this many times, for its momentary power is not known; more where the same noise is learnt from again, but for the first 400 ms. */
static const float caution = 3.0f, caution_later = 12.0f;
static const float bold_blocks = 100.0f;
/* Past blocks that are looked at again in every block of unconverged lanes: the budget is 15 in a tick of 20 ms. */
#define REPLAYS 3
/* Partitions brought back to 32 taps in every block: settled, after a change, and as long as that is unconverged. */
#define CONSTRAINTS_SETTLED 1
#define CONSTRAINTS 2
#define CONSTRAINTS_EAGER 8
/* Less than 20 dB of cancellation is bad; converged is an estimate of which this share of recent blocks is bad. */
static const float bad_ratio = 0.01f, bad_share = 0.3f;
/*
 * A change of path: another one leaves the estimate in the error with its sign turned, at least this part of it, and is this much
 * of both (squared correlation); the same one, louder or weaker, leaves hardly anything else in the error.
 */
static const float change_part = 0.3f, change_correlation = 0.2f;
static const float scale_part = 0.1f, scale_correlation = 0.5f;
/* The variance after it, of the estimate's mean power; or by the level of the error, a return of 6 dB gain at most. */
static const float change_doubt = 16.0f, change_most = 4.0f;
static const float change_hold_blocks = 16.0f;
/* An estimate from this much of speech or noise is not touched by tones: 200 ms. */
static const float taught_blocks = 50.0f;
/*
 * The echo of a tone is learnt within 300 ms, or there is more than that echo: who goes on learns to make the near side's own tone out of
 * traces of it in far. What does not cancel by then is dropped, and tried again when near is that much weaker.
 */
static const float tone_blocks = 75.0f, tone_good = 0.1f, tone_near_ended = 0.25f;
/*
 * A tone of that length is over when there was none for 100 ms: a jump of its level is no speech, and two cancellers that face each
 * other make each other jump.
 */
static const float tone_gap_blocks = 25.0f;
/* An estimate that makes it this much worse (6 dB) is thrown away, and one of more than 12 dB gain was never true. */
static const float lost_ratio = 4.0f;
static const float energy_limit = 16.0f * ECHO_BINS;

uint32_t echo_filter_extra(int partitions) { return echo_estimate_extra(partitions); }

void echo_filter_init(echo_filter_t *filter, int partitions, void *extra)
{
    memset(filter, 0, sizeof *filter);
    echo_estimate_init(&filter->estimate, partitions, extra);
    for (int lane = 0; lane < LANES; lane++) echo_filter_reset(filter, lane);
}

void echo_filter_reset(echo_filter_t *filter, int lane)
{
    echo_estimate_reset(&filter->estimate, lane);
    echo_trial_reset(&filter->trial, lane);
    for (int b = 0; b < ECHO_HISTORY; b++) {
        for (int i = 0; i < ECHO_BLOCK; i++) filter->near[b][i][lane] = 0.0f;
        for (int k = 0; k < ECHO_BINS; k++) filter->uncertainty[b].at[k][lane] = 0.0f;
    }
    for (int k = 0; k < ECHO_BINS; k++) filter->noise.at[k][lane] = 0.0f;
    filter->echo_error[lane] = filter->echo_power[lane] = filter->error_power[lane] = filter->near_power[lane] = 0.0f;
    filter->far_power[lane] = filter->left_power[lane] = 0.0f;
    filter->hold[lane] = filter->unconverged[lane] = filter->taught[lane] = 0.0f;
    filter->tonal[lane] = 0;
    filter->tone_blocks[lane] = filter->tone_near[lane] = 0.0f;
    filter->tone_gap[lane] = tone_gap_blocks;
    filter->eagerness[lane] = eager_blocks;
}

static lane_mask_t settled_in(const echo_filter_t *filter) { return filter->eagerness < lanes_splat(0.5f); }

/* The block's echo, what is left without it, and how far both may be off. */
static void cancel(echo_filter_t *filter, const lanes_t *near, lane_mask_t audible, echo_block_t *block)
{
    lanes_complex_t sum[ECHO_BINS];
    lanes_t *uncertainty = block->uncertainty.at;
    /* How unsure a settled estimate is, is reckoned in every other block only: it is small beside the noise. */
    lane_mask_t unsettled = audible & ~settled_in(filter);
    const echo_bands_t *last = &filter->uncertainty[(filter->near_head + 1) % ECHO_HISTORY];
    if (filter->clock % 2 == 0) {
        echo_estimate_predict(&filter->estimate, 0, block->echo, sum, uncertainty);
    } else if (lanes_any(unsettled)) {
        echo_estimate_predict(&filter->estimate, 0, block->echo, sum, uncertainty);
        for (int k = 0; k < ECHO_BINS; k++) uncertainty[k] = lanes_select(unsettled, uncertainty[k], last->at[k]);
    } else {
        echo_estimate_predict(&filter->estimate, 0, block->echo, sum, NULL);
        block->uncertainty = *last;
    }
    filter->uncertainty[filter->near_head] = block->uncertainty;
    for (int k = 0; k < ECHO_BINS; k++) block->echo_power.at[k] = echo_power_of(sum[k]);
    for (int i = 0; i < ECHO_BLOCK; i++) block->error[i] = near[i] - block->echo[i];
    echo_estimate_spectrum(&filter->estimate, block->error, block->spectrum.bins);
}

static void slide(lanes_t *average, lanes_t value) { *average += (value - *average) * lanes_splat(0.03f); }

static void measure(echo_filter_t *filter, echo_block_t *block)
{
    lanes_t echo_energy = lanes_splat(0.0f), error_energy = echo_energy, echo_error = echo_energy;
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t echo = block->echo[i], error = block->error[i];
        echo_energy += echo * echo;
        error_energy += error * error;
        echo_error += error * echo;
    }
    block->echo_energy = echo_energy;
    block->error_energy = error_energy;
    slide(&filter->echo_error, echo_error);
    slide(&filter->echo_power, echo_energy);
    slide(&filter->error_power, error_energy);
    slide(&filter->near_power, block->near_energy);
    slide(&filter->far_power, block->far_energy);
}

/* The Kalman update by the newest block. */
static void learn(echo_filter_t *filter, const echo_block_t *block, lanes_t floor, lane_mask_t adapt)
{
    const echo_bands_t *uncertainty = &block->uncertainty;
    echo_lesson_t lesson = {.where = adapt, .settled = settled_in(filter)};
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t e = block->spectrum.bins[k];
        lanes_t power = echo_power_of(e);
        lanes_t noise = filter->noise.at[k] * lanes_splat(noise_memory) + power * lanes_splat(1.0f - noise_memory);
        filter->noise.at[k] = lanes_select(adapt, noise, filter->noise.at[k]);
        lanes_t total = uncertainty->at[k] + lanes_splat(caution) * lanes_max(lanes_max(noise, power), floor);
        lanes_t weight = lanes_select(adapt, lanes_splat(1.0f) / total, lanes_splat(0.0f));
        lesson.weight[k] = weight;
        lesson.step[k] = (lanes_complex_t){e.re * weight, e.im * weight};
        lesson.trust[k] = uncertainty->at[k] * weight;
    }
    lesson.certainty = lanes_splat(certainty);
    lesson.drift = lanes_select(lesson.settled, lanes_splat(drift_settled), lanes_splat(drift_eager));
    echo_estimate_learn(&filter->estimate, &lesson, filter->clock);
}

/* The same once more for the block `age` blocks ago, in the lanes of `where`. */
static void learn_again(echo_filter_t *filter, int age, lanes_t floor, lane_mask_t where)
{
    lanes_t error[ECHO_BLOCK];
    lanes_complex_t step[ECHO_BINS];
    int at = (filter->near_head + age) % ECHO_HISTORY;
    const lanes_t *near = filter->near[at];
    /* How unsure the filter was at that time is a bound for today, but for a new doubt since. */
    echo_bands_t uncertainty = filter->uncertainty[at];
    lane_mask_t doubtful = where & (filter->hold > lanes_splat(change_hold_blocks - ECHO_HISTORY));
    if (lanes_any(doubtful)) {
        lanes_t today[ECHO_BINS];
        echo_estimate_predict(&filter->estimate, age, error, step, today);
        for (int k = 0; k < ECHO_BINS; k++) uncertainty.at[k] = lanes_select(doubtful, today[k], uncertainty.at[k]);
    } else {
        echo_estimate_predict(&filter->estimate, age, error, step, NULL);
    }
    for (int i = 0; i < ECHO_BLOCK; i++) error[i] = near[i] - error[i];
    echo_estimate_spectrum(&filter->estimate, error, step);
    lanes_t caution_again = lanes_select(filter->eagerness > lanes_splat(eager_blocks - bold_blocks), lanes_splat(caution), lanes_splat(caution_later));
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_t total = uncertainty.at[k] + caution_again * lanes_max(lanes_max(filter->noise.at[k], echo_power_of(step[k])), floor);
        lanes_t weight = lanes_select(where, lanes_splat(1.0f) / total, lanes_splat(0.0f));
        step[k] = (lanes_complex_t){step[k].re * weight, step[k].im * weight};
    }
    echo_estimate_correct(&filter->estimate, age, step);
}

/* Error and estimate are uncorrelated when the estimate is right, also in double talk; a wrong estimate is found in the error. */
static lane_mask_t find_change(echo_filter_t *filter, lane_mask_t active)
{
    lanes_t correlation = filter->echo_error * filter->echo_error;
    lanes_t both = filter->echo_power * filter->error_power + lanes_splat(1e3f);
    lane_mask_t other = (filter->echo_error < lanes_splat(-change_part) * filter->echo_power) & (correlation > lanes_splat(change_correlation) * both);
    lanes_t scaled_part = lanes_splat(scale_part) * filter->echo_power;
    lane_mask_t scaled = (correlation > scaled_part * scaled_part) & (correlation > lanes_splat(scale_correlation) * both);
    lane_mask_t changed = active & (other | scaled) & (filter->echo_power > lanes_splat(2e4f)) & (filter->hold < lanes_splat(0.5f));
    filter->hold = lanes_select(active, lanes_max(filter->hold - lanes_splat(1.0f), lanes_splat(0.0f)), filter->hold);
    return changed;
}

/* As unsure again as `level`, and ready to look at recent blocks again. */
static void doubt(echo_filter_t *filter, lane_mask_t where, lanes_t level)
{
    echo_estimate_doubt(&filter->estimate, where, level);
    filter->hold = lanes_select(where, lanes_splat(change_hold_blocks), filter->hold);
    filter->eagerness = lanes_select(where, lanes_splat(eager_blocks), filter->eagerness);
}

static void forget(echo_filter_t *filter, lane_mask_t where)
{
    if (!lanes_any(where)) return;
    lanes_t zero = lanes_splat(0.0f);
    echo_estimate_forget(&filter->estimate, where);
    filter->echo_error = lanes_select(where, zero, filter->echo_error);
    filter->echo_power = lanes_select(where, zero, filter->echo_power);
    filter->error_power = lanes_select(where, filter->near_power, filter->error_power);
    filter->left_power = lanes_select(where, filter->near_power, filter->left_power);
    filter->taught = lanes_select(where, zero, filter->taught);
    filter->eagerness = lanes_select(where, lanes_splat(eager_blocks), filter->eagerness);
}

/* Once the filter has settled, a change that was found, or a suspicious error, starts a trial; before that and in a trial, only new doubt. */
static void suspect(echo_filter_t *filter, lane_mask_t changed, lane_mask_t active, lanes_t energy)
{
    lane_mask_t on = echo_trial_on(&filter->trial), calm = settled_in(filter) & ~on;
    lanes_t level = energy * lanes_splat(change_doubt / (float)(ECHO_BINS * filter->estimate.partitions)) + lanes_splat(1e-4f);
    doubt(filter, changed & ~calm, level);
    lane_mask_t good = filter->error_power < lanes_splat(bad_ratio) * filter->near_power;
    lane_mask_t due = echo_trial_due(&filter->trial, filter->error_power, filter->near_power, active & calm, good) | (changed & calm);
    if (!lanes_any(due)) return;
    lanes_t returned = lanes_min(filter->error_power / (filter->far_power + lanes_splat(1.0f)), lanes_splat(change_most));
    echo_trial_begin(&filter->trial, due, filter->error_power, filter->eagerness, &filter->uncertainty[filter->near_head]);
    echo_estimate_keep(&filter->estimate, due);
    doubt(filter, due, lanes_max(level, lanes_max(returned, lanes_splat(echo_variance_at_first))));
}

/* In a trial the better of both estimates is handed out, and in the end the worse one is dropped. */
static void compare(echo_filter_t *filter, const lanes_t *near, lane_mask_t active, echo_block_t *block)
{
    if (!lanes_any(echo_trial_on(&filter->trial))) return;
    lanes_t echo[ECHO_BLOCK], kept_error = lanes_splat(0.0f);
    lanes_complex_t sum[ECHO_BINS];
    echo_estimate_predict_kept(&filter->estimate, echo, sum);
    for (int i = 0; i < ECHO_BLOCK; i++) kept_error += (near[i] - echo[i]) * (near[i] - echo[i]);
    echo_verdict_t verdict = echo_trial_judge(&filter->trial, block->error_energy, kept_error, filter->left_power, active);
    lane_mask_t kept = verdict.to > lanes_splat(0.5f);
    if (lanes_any(kept | (verdict.from > lanes_splat(0.5f)))) {
        lanes_t echo_energy = lanes_splat(0.0f), error_energy = echo_energy;
        for (int i = 0; i < ECHO_BLOCK; i++) {
            lanes_t share = verdict.from + (verdict.to - verdict.from) * lanes_splat((float)(i + 1) / ECHO_BLOCK);
            lanes_t mixed = block->echo[i] + (echo[i] - block->echo[i]) * share;
            /* Not block->echo plus nothing: lanes that are in no trial keep every bit. */
            block->echo[i] = lanes_select(verdict.on, mixed, block->echo[i]);
            block->error[i] = near[i] - block->echo[i];
            echo_energy += block->echo[i] * block->echo[i];
            error_energy += block->error[i] * block->error[i];
        }
        block->echo_energy = echo_energy;
        block->error_energy = error_energy;
        echo_estimate_spectrum(&filter->estimate, block->error, block->spectrum.bins);
        for (int k = 0; k < ECHO_BINS; k++) {
            block->echo_power.at[k] = lanes_select(kept, echo_power_of(sum[k]), block->echo_power.at[k]);
            block->uncertainty.at[k] = lanes_select(kept, filter->trial.uncertainty.at[k], block->uncertainty.at[k]);
        }
    }
    if (!lanes_any(verdict.lost)) return;
    echo_estimate_take_back(&filter->estimate, verdict.lost);
    lanes_t *uncertainty = filter->uncertainty[filter->near_head].at;
    for (int k = 0; k < ECHO_BINS; k++) uncertainty[k] = lanes_select(verdict.lost, filter->trial.uncertainty.at[k], uncertainty[k]);
    filter->error_power = lanes_select(verdict.lost, filter->left_power, filter->error_power);
    filter->echo_error = lanes_select(verdict.lost, lanes_splat(0.0f), filter->echo_error);
    filter->eagerness = lanes_select(verdict.lost, filter->trial.eagerness, filter->eagerness);
}

/* All that is learnt from a block in the lanes of `active`. */
static void study(echo_filter_t *filter, const echo_block_t *block, lane_mask_t active, lane_mask_t teaching)
{
    lanes_t one = lanes_splat(1.0f), zero = lanes_splat(0.0f);
    lane_mask_t changed = find_change(filter, active), was_settled = settled_in(filter);
    lanes_t floor = block->near_energy * lanes_splat(quantization) + lanes_splat(noise_floor);
    learn(filter, block, floor, active);
    filter->taught = lanes_select(active & teaching, filter->taught + one, filter->taught);
    filter->eagerness = lanes_select(active, lanes_max(filter->eagerness - one, zero), filter->eagerness);
    lane_mask_t settled = settled_in(filter);
    echo_trial_calm(&filter->trial, settled & ~was_settled & ~echo_trial_on(&filter->trial), filter->error_power);
    lanes_t bad = lanes_select(filter->error_power > lanes_splat(bad_ratio) * filter->near_power, one, zero);
    filter->unconverged = lanes_select(active, filter->unconverged * lanes_splat(0.9f) + bad * lanes_splat(0.1f), filter->unconverged);
    lane_mask_t converged = filter->unconverged <= lanes_splat(bad_share);
    lane_mask_t eager = active & ~converged & ~settled & (filter->error_power <= lanes_splat(1.6f) * filter->near_power);
    for (int n = 0; n < REPLAYS && lanes_any(eager); n++) {
        /* By the clock, not by what was looked at: no lane depends on another. */
        learn_again(filter, (filter->clock * REPLAYS + n) % (ECHO_HISTORY - 1) + 1, floor, eager);
    }
    lanes_t energy = echo_estimate_energy(&filter->estimate);
    /* A good estimate needs it less often: each partition in every other round. */
    lane_mask_t none = {0}, resting = (filter->clock + filter->clock / filter->estimate.partitions) % 2 == 0 ? none : converged;
    echo_estimate_constrain(&filter->estimate, CONSTRAINTS_SETTLED, filter->clock, active & ~eager & settled & ~resting);
    echo_estimate_constrain(&filter->estimate, CONSTRAINTS, filter->clock, active & ~eager & ~settled);
    echo_estimate_constrain(&filter->estimate, CONSTRAINTS_EAGER, filter->clock, eager);
    suspect(filter, changed, active, energy);
    /* A comparison with what is not a number is false, so this finds that too. */
    forget(filter, active & ((filter->error_power > lanes_splat(lost_ratio) * (filter->near_power + lanes_splat(noise_floor))) | ~(energy < lanes_splat(energy_limit))));
}

/* Where a tone goes on. */
static lane_mask_t goes_on(echo_filter_t *filter, lane_mask_t tonal)
{
    lanes_t gap = lanes_splat(tone_gap_blocks);
    filter->tone_gap = lanes_select(tonal, lanes_splat(0.0f), lanes_min(filter->tone_gap + lanes_splat(1.0f), gap));
    return tonal | ((filter->tone_blocks >= lanes_splat(tone_blocks)) & (filter->tone_gap < gap));
}

/* Where a tone may teach a fresh estimate; of `heard`, where it is one. */
static lane_mask_t taught_by_tone(echo_filter_t *filter, lane_mask_t heard, lane_mask_t tonal)
{
    lanes_t zero = lanes_splat(0.0f), limit = lanes_splat(tone_blocks);
    lane_mask_t again = (filter->tone_blocks >= limit) & (filter->near_power < filter->tone_near * lanes_splat(tone_near_ended));
    lanes_t blocks = lanes_select(~tonal | again, zero, filter->tone_blocks);
    lanes_t next = lanes_select(heard, lanes_min(blocks + lanes_splat(1.0f), limit), blocks);
    lane_mask_t ends = (next >= limit) & (blocks < limit);
    filter->tone_near = lanes_select(ends, filter->near_power, filter->tone_near);
    forget(filter, ends & (filter->error_power > lanes_splat(tone_good) * filter->near_power));
    filter->tone_blocks = next;
    return next < limit;
}

void echo_filter_step(echo_filter_t *filter, const lanes_t far[ECHO_BLOCK], const lanes_t near[ECHO_BLOCK], lane_mask_t adapt, lane_mask_t tonal, echo_block_t *block)
{
    lane_mask_t audible = adapt & (block->far_energy > lanes_splat(ECHO_BLOCK * active_power));
    filter->clock = (filter->clock + 1) % (ECHO_PARTITIONS_MAX * (ECHO_HISTORY - 1) * 2);
    filter->near_head = (filter->near_head + ECHO_HISTORY - 1) % ECHO_HISTORY;
    memcpy(filter->near[filter->near_head], near, sizeof filter->near[0]);
    echo_estimate_hear(&filter->estimate, far, block->far_energy);
    cancel(filter, near, audible, block);
    measure(filter, block);
    tonal = goes_on(filter, tonal);

    /* A tone that taught a fresh estimate has taught it one frequency only. */
    lane_mask_t taught = filter->taught >= lanes_splat(taught_blocks);
    doubt(filter, adapt & filter->tonal & ~tonal & ~taught, lanes_splat(echo_variance_at_first));
    filter->tonal = tonal;

    lane_mask_t teaches = taught_by_tone(filter, audible & tonal & ~taught, tonal);
    lane_mask_t active = audible & ~(tonal & (taught | ~teaches));
    if (lanes_any(active)) study(filter, block, active, ~tonal & ~taught);
    compare(filter, near, active, block);
    slide(&filter->left_power, block->error_energy);
    /* Above any sum of squares that 16 bits can make: not a number. */
    filter->left_power = lanes_min(filter->left_power, lanes_splat(1e15f));
}
