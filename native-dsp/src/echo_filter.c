#include "echo_filter.h"

/* Far level below which nothing is learnt: -49 dBm0 (rms 60). */
static const float active_power = 60.0f * 60.0f;
/* Variance of an estimate that knows nothing. */
static const float variance_at_first = 0.06f;
/* The part of the gain that goes by the root of a partition's energy. */
static const float proportionate = 0.7f;
/* Of the ideal decrease of the variance by a block, that part which is believed: blocks are alike, and bins not independent. */
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
/* How sure a settled estimate is changes slowly: it is reckoned by turns, in one of so many blocks. */
#define SETTLED_TURNS 4
/* Past blocks that are looked at again in every block of unconverged lanes: the budget is 15 in a tick of 20 ms. */
#define REPLAYS 3
/* Partitions brought back to 32 taps in every block: settled, after a change, and as long as that is unconverged. */
#define CONSTRAINTS_SETTLED 1
#define CONSTRAINTS 2
#define CONSTRAINTS_EAGER 8
/*
 * A change of path: another one leaves the estimate in the error with its sign turned, at least this part of it, and is this much
 * of both (squared correlation); the same one, louder or weaker, leaves hardly anything else in the error.
 */
static const float change_part = 0.3f, change_correlation = 0.2f;
static const float scale_part = 0.1f, scale_correlation = 0.5f;
/* The variance after it, of the estimate's mean power. */
static const float change_doubt = 16.0f;
static const float change_hold_blocks = 16.0f;
/* An estimate from this much of speech or noise is not touched by tones: 200 ms. */
static const float taught_blocks = 50.0f;
/* An estimate that makes it this much worse (6 dB) is thrown away, and one of more than 12 dB gain was never true. */
static const float lost_ratio = 4.0f;
static const float energy_limit = 16.0f * ECHO_BINS;

uint32_t echo_filter_extra(int partitions)
{
    return (uint32_t)(2 * partitions + ECHO_HISTORY) * (uint32_t)sizeof(echo_spectrum_t) + (uint32_t)partitions * (uint32_t)sizeof(echo_bands_t);
}

void echo_filter_init(echo_filter_t *filter, int partitions, void *extra)
{
    memset(filter, 0, sizeof *filter);
    memset(extra, 0, echo_filter_extra(partitions));
    block_fft_init(&filter->fft);
    filter->partitions = partitions;
    filter->far = extra;
    filter->estimate = filter->far + partitions + ECHO_HISTORY;
    filter->variance = (echo_bands_t *)(filter->estimate + partitions);
    for (int lane = 0; lane < LANES; lane++) echo_filter_reset(filter, lane);
}

static void clear(lanes_t *values, int count, int lane, float value)
{
    for (int i = 0; i < count; i++) values[i][lane] = value;
}

void echo_filter_reset(echo_filter_t *filter, int lane)
{
    int partitions = filter->partitions;
    clear(&filter->far[0].bins[0].re, (partitions + ECHO_HISTORY) * 2 * ECHO_BINS, lane, 0.0f);
    clear(&filter->estimate[0].bins[0].re, partitions * 2 * ECHO_BINS, lane, 0.0f);
    clear(&filter->variance[0].at[0], partitions * ECHO_BINS, lane, variance_at_first);
    clear(filter->previous_far, ECHO_BLOCK, lane, 0.0f);
    clear(&filter->near[0][0], ECHO_HISTORY * ECHO_BLOCK, lane, 0.0f);
    for (int b = 0; b < ECHO_HISTORY; b++) clear(filter->uncertainty[b].at, ECHO_BINS, lane, 0.0f);
    clear(filter->noise.at, ECHO_BINS, lane, 0.0f);
    clear(filter->partition_energy, ECHO_PARTITIONS_MAX, lane, 0.0f);
    filter->echo_error[lane] = filter->echo_power[lane] = filter->error_power[lane] = filter->near_power[lane] = 0.0f;
    filter->hold[lane] = filter->unconverged[lane] = filter->taught[lane] = 0.0f;
    filter->tonal[lane] = 0;
    filter->eagerness[lane] = eager_blocks;
}

static echo_spectrum_t *far_at(const echo_filter_t *filter, int age)
{
    return &filter->far[(filter->head + age) % (filter->partitions + ECHO_HISTORY)];
}

/* Each partition's share of the variance, by the root of its energy. */
static void gains_of(const echo_filter_t *filter, lanes_t *gains)
{
    lanes_t sum = lanes_splat(1e-6f);
    for (int p = 0; p < filter->partitions; p++) sum += gains[p] = lanes_sqrt(filter->partition_energy[p]);
    lanes_t share = lanes_splat(proportionate * (float)filter->partitions) / sum;
    for (int p = 0; p < filter->partitions; p++) gains[p] = lanes_splat(1.0f - proportionate) + share * gains[p];
}

/* The echo of the block `age` blocks ago by today's estimate, and how far that may be off where there is room for it. */
static inline void predict(const echo_filter_t *filter, int age, const lanes_t *gains, lanes_t *echo, lanes_complex_t *sum, lanes_t *uncertainty)
{
    lanes_t samples[BLOCK_FFT_SAMPLES];
    for (int k = 0; k < ECHO_BINS; k++) {
        sum[k] = (lanes_complex_t){{0}, {0}};
        if (uncertainty) uncertainty[k] = lanes_splat(0.0f);
    }
    for (int p = 0; p < filter->partitions; p++) {
        const lanes_complex_t *far = far_at(filter, age + p)->bins, *estimate = filter->estimate[p].bins;
        const lanes_t *variance = filter->variance[p].at;
        lanes_t gain = gains[p];
        for (int k = 0; k < ECHO_BINS; k++) {
            lanes_complex_t x = far[k], w = estimate[k];
            sum[k].re += x.re * w.re - x.im * w.im;
            sum[k].im += x.re * w.im + x.im * w.re;
            if (uncertainty) uncertainty[k] += variance[k] * gain * (x.re * x.re + x.im * x.im);
        }
    }
    block_fft_backward(&filter->fft, sum, samples);
    memcpy(echo, samples + ECHO_BLOCK, ECHO_BLOCK * sizeof(lanes_t));
}

static void spectrum_of_error(const echo_filter_t *filter, const lanes_t *error, lanes_complex_t *bins)
{
    lanes_t samples[BLOCK_FFT_SAMPLES] = {0};
    memcpy(samples + ECHO_BLOCK, error, ECHO_BLOCK * sizeof(lanes_t));
    block_fft_forward(&filter->fft, samples, bins);
}

static lanes_t power_of(lanes_complex_t a) { return a.re * a.re + a.im * a.im; }

/* A partition's estimate goes along its step. */
static inline void correct_partition(const lanes_complex_t *far, const lanes_complex_t *step, lanes_t gain, const lanes_t *variance, lanes_complex_t *estimate)
{
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t x = far[k];
        lanes_t share = variance[k] * gain;
        lanes_t re = step[k].re * share, im = step[k].im * share;
        estimate[k].re += x.re * re + x.im * im;
        estimate[k].im += x.re * im - x.im * re;
    }
}

/* The same, and the partition becomes surer by what it saw, less sure by the drift of its path. Its energy. */
static inline lanes_t learn_partition(const lanes_complex_t *far, const lanes_complex_t *step, const lanes_t *weight, const lanes_t *trust,
    lanes_t gain, lanes_t belief, lanes_t drift, lanes_complex_t *estimate, lanes_t *variance)
{
    lanes_t energy = lanes_splat(0.0f);
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t x = far[k], w = estimate[k];
        lanes_t before = variance[k], share = before * gain;
        lanes_t re = step[k].re * share, im = step[k].im * share;
        w.re += x.re * re + x.im * im;
        w.im += x.re * im - x.im * re;
        estimate[k] = w;
        lanes_t power = power_of(w);
        energy += power;
        lanes_t seen = lanes_min(belief * share * power_of(x) * weight[k], lanes_splat(0.75f));
        variance[k] = before - before * seen + drift * power * trust[k];
    }
    return energy;
}

/* The Kalman update by the newest block. */
static void learn(echo_filter_t *filter, const echo_block_t *block, const lanes_t *gains, lanes_t floor, lane_mask_t adapt)
{
    const echo_bands_t *uncertainty = &block->uncertainty;
    lanes_t weight[ECHO_BINS], trust[ECHO_BINS];
    lanes_complex_t step[ECHO_BINS];
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t e = block->spectrum.bins[k];
        lanes_t power = power_of(e);
        lanes_t noise = filter->noise.at[k] * lanes_splat(noise_memory) + power * lanes_splat(1.0f - noise_memory);
        filter->noise.at[k] = lanes_select(adapt, noise, filter->noise.at[k]);
        lanes_t total = uncertainty->at[k] + lanes_splat(caution) * lanes_max(lanes_max(noise, power), floor);
        weight[k] = lanes_select(adapt, lanes_splat(1.0f) / total, lanes_splat(0.0f));
        step[k] = (lanes_complex_t){e.re * weight[k], e.im * weight[k]};
        trust[k] = uncertainty->at[k] * weight[k];
    }
    lanes_t drift = lanes_select(filter->eagerness > lanes_splat(0.5f), lanes_splat(drift_eager), lanes_splat(drift_settled));
    lane_mask_t settled = filter->eagerness < lanes_splat(0.5f), unsettled = adapt & ~settled;
    for (int p = 0; p < filter->partitions; p++) {
        const lanes_complex_t *far = far_at(filter, p)->bins;
        lanes_complex_t *estimate = filter->estimate[p].bins;
        lanes_t gain = gains[p];
        bool turn = (p + filter->clock) % SETTLED_TURNS == 0;
        if (turn || lanes_any(unsettled)) {
            lane_mask_t where = turn ? adapt : unsettled;
            lanes_t pace = lanes_select(where, lanes_select(settled, lanes_splat((float)SETTLED_TURNS), lanes_splat(1.0f)), lanes_splat(0.0f));
            lanes_t energy = learn_partition(far, step, weight, trust, gain, lanes_splat(certainty) * pace, drift * pace, estimate, filter->variance[p].at);
            filter->partition_energy[p] = lanes_select(where, energy, filter->partition_energy[p]);
        } else {
            correct_partition(far, step, gain, filter->variance[p].at, estimate);
        }
    }
}

/* The same once more for the block `age` blocks ago, in the lanes of `where`; how sure the filter is stays as it was. */
static void learn_again(echo_filter_t *filter, int age, const lanes_t *gains, lanes_t floor, lane_mask_t where)
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
        predict(filter, age, gains, error, step, today);
        for (int k = 0; k < ECHO_BINS; k++) uncertainty.at[k] = lanes_select(doubtful, today[k], uncertainty.at[k]);
    } else {
        predict(filter, age, gains, error, step, NULL);
    }
    for (int i = 0; i < ECHO_BLOCK; i++) error[i] = near[i] - error[i];
    spectrum_of_error(filter, error, step);
    lanes_t caution_again = lanes_select(filter->eagerness > lanes_splat(eager_blocks - bold_blocks), lanes_splat(caution), lanes_splat(caution_later));
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_t total = uncertainty.at[k] + caution_again * lanes_max(lanes_max(filter->noise.at[k], power_of(step[k])), floor);
        lanes_t weight = lanes_select(where, lanes_splat(1.0f) / total, lanes_splat(0.0f));
        step[k] = (lanes_complex_t){step[k].re * weight, step[k].im * weight};
    }
    for (int p = 0; p < filter->partitions; p++) correct_partition(far_at(filter, age + p)->bins, step, gains[p], filter->variance[p].at, filter->estimate[p].bins);
}

/* As unsure again as `level`, and ready to look at recent blocks again. */
static void doubt(echo_filter_t *filter, lane_mask_t where, lanes_t level)
{
    if (!lanes_any(where)) return;
    for (int p = 0; p < filter->partitions; p++) {
        lanes_t *variance = filter->variance[p].at;
        for (int k = 0; k < ECHO_BINS; k++) variance[k] = lanes_select(where & (variance[k] < level), level, variance[k]);
    }
    filter->hold = lanes_select(where, lanes_splat(change_hold_blocks), filter->hold);
    filter->eagerness = lanes_select(where, lanes_splat(eager_blocks), filter->eagerness);
}

/* Nothing is known of the path any more. */
static void forget(echo_filter_t *filter, lane_mask_t where)
{
    if (!lanes_any(where)) return;
    lanes_t zero = lanes_splat(0.0f);
    for (int p = 0; p < filter->partitions; p++) {
        lanes_complex_t *estimate = filter->estimate[p].bins;
        for (int k = 0; k < ECHO_BINS; k++) {
            estimate[k].re = lanes_select(where, zero, estimate[k].re);
            estimate[k].im = lanes_select(where, zero, estimate[k].im);
            filter->variance[p].at[k] = lanes_select(where, lanes_splat(variance_at_first), filter->variance[p].at[k]);
        }
        filter->partition_energy[p] = lanes_select(where, zero, filter->partition_energy[p]);
    }
    filter->echo_error = lanes_select(where, zero, filter->echo_error);
    filter->echo_power = lanes_select(where, zero, filter->echo_power);
    filter->error_power = lanes_select(where, filter->near_power, filter->error_power);
    filter->taught = lanes_select(where, zero, filter->taught);
    filter->eagerness = lanes_select(where, lanes_splat(eager_blocks), filter->eagerness);
}

/* Overlap-save needs estimates of 32 taps: what has grown behind them is cut off, `count` partitions in each block by turns. */
static void constrain(echo_filter_t *filter, int count, lane_mask_t where)
{
    if (!lanes_any(where)) return;
    lanes_t samples[BLOCK_FFT_SAMPLES];
    lanes_complex_t bins[ECHO_BINS];
    for (int n = 0; n < count; n++) {
        lanes_complex_t *estimate = filter->estimate[(filter->clock * count + n) % filter->partitions].bins;
        block_fft_backward(&filter->fft, estimate, samples);
        memset(samples + ECHO_BLOCK, 0, ECHO_BLOCK * sizeof(lanes_t));
        block_fft_forward(&filter->fft, samples, bins);
        for (int k = 0; k < ECHO_BINS; k++) {
            estimate[k].re = lanes_select(where, bins[k].re, estimate[k].re);
            estimate[k].im = lanes_select(where, bins[k].im, estimate[k].im);
        }
    }
}

static void slide(lanes_t *average, lanes_t value) { *average += (value - *average) * lanes_splat(0.03f); }

void echo_filter_step(echo_filter_t *filter, const lanes_t far[ECHO_BLOCK], const lanes_t near[ECHO_BLOCK], lane_mask_t adapt, lane_mask_t tonal, echo_block_t *block)
{
    int spectra = filter->partitions + ECHO_HISTORY;
    lanes_t samples[BLOCK_FFT_SAMPLES], gains[ECHO_PARTITIONS_MAX], one = lanes_splat(1.0f), zero = lanes_splat(0.0f);
    lanes_complex_t sum[ECHO_BINS];
    memcpy(samples, filter->previous_far, sizeof filter->previous_far);
    memcpy(samples + ECHO_BLOCK, far, sizeof filter->previous_far);
    memcpy(filter->previous_far, far, sizeof filter->previous_far);
    filter->clock = (filter->clock + 1) % (ECHO_PARTITIONS_MAX * (ECHO_HISTORY - 1));
    filter->head = (filter->head + spectra - 1) % spectra;
    block_fft_forward(&filter->fft, samples, filter->far[filter->head].bins);
    filter->near_head = (filter->near_head + ECHO_HISTORY - 1) % ECHO_HISTORY;
    memcpy(filter->near[filter->near_head], near, sizeof filter->near[0]);

    gains_of(filter, gains);
    /* How unsure a settled estimate is, is reckoned in every other block only: it is small beside the noise. */
    lane_mask_t settled = filter->eagerness < lanes_splat(0.5f);
    lane_mask_t audible = adapt & (block->far_energy > lanes_splat(ECHO_BLOCK * active_power));
    const echo_bands_t *last = &filter->uncertainty[(filter->near_head + 1) % ECHO_HISTORY];
    if (filter->clock % 2 == 0) {
        predict(filter, 0, gains, block->echo, sum, block->uncertainty.at);
    } else if (lanes_any(audible & ~settled)) {
        predict(filter, 0, gains, block->echo, sum, block->uncertainty.at);
        for (int k = 0; k < ECHO_BINS; k++) block->uncertainty.at[k] = lanes_select(audible & ~settled, block->uncertainty.at[k], last->at[k]);
    } else {
        predict(filter, 0, gains, block->echo, sum, NULL);
        block->uncertainty = *last;
    }
    filter->uncertainty[filter->near_head] = block->uncertainty;
    for (int k = 0; k < ECHO_BINS; k++) block->echo_power.at[k] = power_of(sum[k]);
    lanes_t echo_energy = zero, error_energy = zero, echo_error = zero, near_energy = block->near_energy;
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t echo = block->echo[i], error = near[i] - echo;
        block->error[i] = error;
        echo_energy += echo * echo;
        error_energy += error * error;
        echo_error += error * echo;
    }
    block->echo_energy = echo_energy;
    block->error_energy = error_energy;
    spectrum_of_error(filter, block->error, block->spectrum.bins);
    slide(&filter->echo_error, echo_error);
    slide(&filter->echo_power, echo_energy);
    slide(&filter->error_power, error_energy);
    slide(&filter->near_power, near_energy);

    /* A tone that taught a fresh estimate has taught it one frequency only. */
    lane_mask_t taught = filter->taught >= lanes_splat(taught_blocks);
    doubt(filter, adapt & filter->tonal & ~tonal & ~taught, lanes_splat(variance_at_first));
    filter->tonal = tonal;

    lane_mask_t active = audible & ~(tonal & taught);
    if (!lanes_any(active)) return;
    /* Error and estimate are uncorrelated when the estimate is right, also in double talk; a wrong estimate is found in the error. */
    lanes_t correlation = filter->echo_error * filter->echo_error;
    lanes_t both = filter->echo_power * filter->error_power + lanes_splat(1e3f);
    lane_mask_t other = (filter->echo_error < lanes_splat(-change_part) * filter->echo_power) & (correlation > lanes_splat(change_correlation) * both);
    lanes_t scaled_part = lanes_splat(scale_part) * filter->echo_power;
    lane_mask_t scaled = (correlation > scaled_part * scaled_part) & (correlation > lanes_splat(scale_correlation) * both);
    lane_mask_t changed = active & (other | scaled) & (filter->echo_power > lanes_splat(2e4f)) & (filter->hold < lanes_splat(0.5f));
    filter->hold = lanes_select(active, lanes_max(filter->hold - one, zero), filter->hold);

    lanes_t floor = near_energy * lanes_splat(quantization) + lanes_splat(noise_floor);
    learn(filter, block, gains, floor, active);
    filter->taught = lanes_select(active & ~tonal & ~taught, filter->taught + one, filter->taught);
    filter->eagerness = lanes_select(active, lanes_max(filter->eagerness - one, zero), filter->eagerness);
    lanes_t bad = lanes_select(filter->error_power > lanes_splat(0.01f) * filter->near_power, one, zero);
    filter->unconverged = lanes_select(active, filter->unconverged * lanes_splat(0.9f) + bad * lanes_splat(0.1f), filter->unconverged);
    lane_mask_t eager = active & (filter->unconverged > lanes_splat(0.3f)) & (filter->eagerness > lanes_splat(0.5f))
        & (filter->error_power <= lanes_splat(1.6f) * filter->near_power);
    if (lanes_any(eager)) {
        for (int n = 0; n < REPLAYS; n++) {
            /* By the clock, not by what was looked at: no lane depends on another. */
            learn_again(filter, (filter->clock * REPLAYS + n) % (ECHO_HISTORY - 1) + 1, gains, floor, eager);
        }
    }
    lanes_t energy = zero;
    for (int p = 0; p < filter->partitions; p++) energy += filter->partition_energy[p];
    doubt(filter, changed, energy * lanes_splat(change_doubt / (float)(ECHO_BINS * filter->partitions)) + lanes_splat(1e-4f));
    settled = filter->eagerness < lanes_splat(0.5f);
    constrain(filter, CONSTRAINTS_SETTLED, active & ~eager & settled);
    constrain(filter, CONSTRAINTS, active & ~eager & ~settled);
    constrain(filter, CONSTRAINTS_EAGER, eager);
    /* A comparison with what is not a number is false, so this finds that too. */
    forget(filter, active & ((filter->error_power > lanes_splat(lost_ratio) * (filter->near_power + lanes_splat(noise_floor))) | ~(energy < lanes_splat(energy_limit))));
}
