#include "echo_estimate.h"

/* The part of the gain that goes by the root of a partition's energy. */
static const float proportionate = 0.7f;
/* Mean square that has no echo: -78 dBm0. */
static const float silent_power = 2.0f * 2.0f;
/* How sure a settled estimate is changes slowly: it is reckoned by turns, in one of so many blocks. */
#define SETTLED_TURNS 4

uint32_t echo_estimate_extra(int partitions)
{
    return (uint32_t)(3 * partitions + ECHO_HISTORY) * (uint32_t)sizeof(echo_spectrum_t) + (uint32_t)(2 * partitions) * (uint32_t)sizeof(echo_bands_t);
}

void echo_estimate_init(echo_estimate_t *estimate, int partitions, void *extra)
{
    memset(extra, 0, echo_estimate_extra(partitions));
    block_fft_init(&estimate->fft);
    estimate->partitions = partitions;
    estimate->far = extra;
    estimate->taps = estimate->far + partitions + ECHO_HISTORY;
    estimate->kept_taps = estimate->taps + partitions;
    estimate->variance = (echo_bands_t *)(estimate->kept_taps + partitions);
    estimate->kept_variance = estimate->variance + partitions;
}

static void clear(lanes_t *values, int count, int lane, float value)
{
    for (int i = 0; i < count; i++) values[i][lane] = value;
}

void echo_estimate_reset(echo_estimate_t *estimate, int lane)
{
    int partitions = estimate->partitions;
    clear(&estimate->far[0].bins[0].re, (partitions + ECHO_HISTORY) * 2 * ECHO_BINS, lane, 0.0f);
    clear(&estimate->taps[0].bins[0].re, partitions * 2 * ECHO_BINS, lane, 0.0f);
    clear(&estimate->kept_taps[0].bins[0].re, partitions * 2 * ECHO_BINS, lane, 0.0f);
    clear(&estimate->variance[0].at[0], partitions * ECHO_BINS, lane, echo_variance_at_first);
    clear(&estimate->kept_variance[0].at[0], partitions * ECHO_BINS, lane, echo_variance_at_first);
    clear(estimate->previous_far, ECHO_BLOCK, lane, 0.0f);
    clear(&estimate->previous_energy, 1, lane, 0.0f);
    clear(estimate->energy, ECHO_PARTITIONS_MAX, lane, 0.0f);
}

static int slot_of(const echo_estimate_t *estimate, int age) { return (estimate->head + age) % (estimate->partitions + ECHO_HISTORY); }

/* Each partition's share of the variance, by the root of its energy. */
static void reckon_gains(echo_estimate_t *estimate)
{
    lanes_t sum = lanes_splat(1e-6f);
    for (int p = 0; p < estimate->partitions; p++) sum += estimate->gain[p] = lanes_sqrt(estimate->energy[p]);
    lanes_t share = lanes_splat(proportionate * (float)estimate->partitions) / sum;
    for (int p = 0; p < estimate->partitions; p++) estimate->gain[p] = lanes_splat(1.0f - proportionate) + share * estimate->gain[p];
}

void echo_estimate_hear(echo_estimate_t *estimate, const lanes_t far[ECHO_BLOCK], lanes_t far_energy)
{
    int spectra = estimate->partitions + ECHO_HISTORY;
    lanes_t samples[BLOCK_FFT_SAMPLES], zero = lanes_splat(0.0f);
    memcpy(samples, estimate->previous_far, sizeof estimate->previous_far);
    memcpy(samples + ECHO_BLOCK, far, sizeof estimate->previous_far);
    memcpy(estimate->previous_far, far, sizeof estimate->previous_far);
    estimate->head = (estimate->head + spectra - 1) % spectra;
    lanes_complex_t *bins = estimate->far[estimate->head].bins;
    /* Zero where it is silent, whether another lane is or not: then nobody need multiply by it. */
    lane_mask_t heard = far_energy + estimate->previous_energy > lanes_splat(BLOCK_FFT_SAMPLES * silent_power);
    estimate->previous_energy = far_energy;
    estimate->heard[estimate->head] = lanes_any(heard);
    if (lanes_any(heard)) block_fft_forward(&estimate->fft, samples, bins);
    if (lanes_any(~heard)) {
        for (int k = 0; k < ECHO_BINS; k++) {
            bins[k].re = lanes_select(heard, bins[k].re, zero);
            bins[k].im = lanes_select(heard, bins[k].im, zero);
        }
    }
    reckon_gains(estimate);
}

static inline void predict(const echo_estimate_t *estimate, const echo_spectrum_t *taps, int age, lanes_t *echo, lanes_complex_t *sum, lanes_t *uncertainty)
{
    lanes_t samples[BLOCK_FFT_SAMPLES];
    for (int k = 0; k < ECHO_BINS; k++) {
        sum[k] = (lanes_complex_t){{0}, {0}};
        if (uncertainty) uncertainty[k] = lanes_splat(0.0f);
    }
    for (int p = 0; p < estimate->partitions; p++) {
        int slot = slot_of(estimate, age + p);
        if (!estimate->heard[slot]) continue;
        const lanes_complex_t *far = estimate->far[slot].bins, *tap = taps[p].bins;
        const lanes_t *variance = estimate->variance[p].at;
        lanes_t gain = estimate->gain[p];
        for (int k = 0; k < ECHO_BINS; k++) {
            lanes_complex_t x = far[k], w = tap[k];
            sum[k].re += x.re * w.re - x.im * w.im;
            sum[k].im += x.re * w.im + x.im * w.re;
            if (uncertainty) uncertainty[k] += variance[k] * gain * (x.re * x.re + x.im * x.im);
        }
    }
    block_fft_backward(&estimate->fft, sum, samples);
    memcpy(echo, samples + ECHO_BLOCK, ECHO_BLOCK * sizeof(lanes_t));
}

void echo_estimate_predict(const echo_estimate_t *estimate, int age, lanes_t echo[ECHO_BLOCK], lanes_complex_t spectrum[ECHO_BINS], lanes_t *uncertainty)
{
    if (uncertainty) predict(estimate, estimate->taps, age, echo, spectrum, uncertainty);
    else predict(estimate, estimate->taps, age, echo, spectrum, NULL);
}

void echo_estimate_predict_kept(const echo_estimate_t *estimate, lanes_t echo[ECHO_BLOCK], lanes_complex_t spectrum[ECHO_BINS])
{
    predict(estimate, estimate->kept_taps, 0, echo, spectrum, NULL);
}

void echo_estimate_spectrum(const echo_estimate_t *estimate, const lanes_t error[ECHO_BLOCK], lanes_complex_t bins[ECHO_BINS])
{
    lanes_t samples[BLOCK_FFT_SAMPLES] = {0};
    memcpy(samples + ECHO_BLOCK, error, ECHO_BLOCK * sizeof(lanes_t));
    block_fft_forward(&estimate->fft, samples, bins);
}

/* A partition goes along its step. */
static inline void correct_partition(const lanes_complex_t *far, const lanes_complex_t *step, lanes_t gain, const lanes_t *variance, lanes_complex_t *taps)
{
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t x = far[k];
        lanes_t share = variance[k] * gain;
        lanes_t re = step[k].re * share, im = step[k].im * share;
        taps[k].re += x.re * re + x.im * im;
        taps[k].im += x.re * im - x.im * re;
    }
}

/* The same, and the partition becomes surer by what it saw, less sure by the drift of its path. Its energy. */
static inline lanes_t learn_partition(const lanes_complex_t *far, const echo_lesson_t *lesson, lanes_t gain, lanes_t belief, lanes_t drift, lanes_complex_t *taps, lanes_t *variance)
{
    lanes_t energy = lanes_splat(0.0f);
    for (int k = 0; k < ECHO_BINS; k++) {
        lanes_complex_t x = far[k], w = taps[k];
        lanes_t before = variance[k], share = before * gain;
        lanes_t re = lesson->step[k].re * share, im = lesson->step[k].im * share;
        w.re += x.re * re + x.im * im;
        w.im += x.re * im - x.im * re;
        taps[k] = w;
        lanes_t power = echo_power_of(w);
        energy += power;
        lanes_t seen = lanes_min(belief * share * echo_power_of(x) * lesson->weight[k], lanes_splat(0.75f));
        variance[k] = before - before * seen + drift * power * lesson->trust[k];
    }
    return energy;
}

void echo_estimate_learn(echo_estimate_t *estimate, const echo_lesson_t *lesson, int clock)
{
    lanes_t zero = lanes_splat(0.0f), one = lanes_splat(1.0f);
    lane_mask_t unsettled = lesson->where & ~lesson->settled;
    for (int p = 0; p < estimate->partitions; p++) {
        int slot = slot_of(estimate, p);
        const lanes_complex_t *far = estimate->far[slot].bins;
        lanes_t gain = estimate->gain[p];
        bool turn = (p + clock) % SETTLED_TURNS == 0;
        if (turn || lanes_any(unsettled)) {
            lane_mask_t where = turn ? lesson->where : unsettled;
            lanes_t pace = lanes_select(where, lanes_select(lesson->settled, lanes_splat((float)SETTLED_TURNS), one), zero);
            lanes_t energy = learn_partition(far, lesson, gain, lesson->certainty * pace, lesson->drift * pace, estimate->taps[p].bins, estimate->variance[p].at);
            estimate->energy[p] = lanes_select(where, energy, estimate->energy[p]);
        } else if (estimate->heard[slot]) {
            correct_partition(far, lesson->step, gain, estimate->variance[p].at, estimate->taps[p].bins);
        }
    }
}

void echo_estimate_correct(echo_estimate_t *estimate, int age, const lanes_complex_t step[ECHO_BINS])
{
    for (int p = 0; p < estimate->partitions; p++) {
        int slot = slot_of(estimate, age + p);
        if (estimate->heard[slot]) correct_partition(estimate->far[slot].bins, step, estimate->gain[p], estimate->variance[p].at, estimate->taps[p].bins);
    }
}

void echo_estimate_doubt(echo_estimate_t *estimate, lane_mask_t where, lanes_t level)
{
    if (!lanes_any(where)) return;
    for (int p = 0; p < estimate->partitions; p++) {
        lanes_t *variance = estimate->variance[p].at;
        for (int k = 0; k < ECHO_BINS; k++) variance[k] = lanes_select(where & (variance[k] < level), level, variance[k]);
    }
}

/* One estimate into another, in the lanes of `where`. */
static void copy(const echo_spectrum_t *from, const echo_bands_t *from_variance, echo_spectrum_t *to, echo_bands_t *to_variance, int partitions, lane_mask_t where)
{
    for (int p = 0; p < partitions; p++) {
        for (int k = 0; k < ECHO_BINS; k++) {
            lanes_complex_t w = from[p].bins[k], *there = &to[p].bins[k];
            there->re = lanes_select(where, w.re, there->re);
            there->im = lanes_select(where, w.im, there->im);
            to_variance[p].at[k] = lanes_select(where, from_variance[p].at[k], to_variance[p].at[k]);
        }
    }
}

void echo_estimate_keep(echo_estimate_t *estimate, lane_mask_t where)
{
    copy(estimate->taps, estimate->variance, estimate->kept_taps, estimate->kept_variance, estimate->partitions, where);
}

void echo_estimate_take_back(echo_estimate_t *estimate, lane_mask_t where)
{
    copy(estimate->kept_taps, estimate->kept_variance, estimate->taps, estimate->variance, estimate->partitions, where);
    for (int p = 0; p < estimate->partitions; p++) {
        lanes_t energy = lanes_splat(0.0f);
        for (int k = 0; k < ECHO_BINS; k++) energy += echo_power_of(estimate->taps[p].bins[k]);
        estimate->energy[p] = lanes_select(where, energy, estimate->energy[p]);
    }
}

void echo_estimate_forget(echo_estimate_t *estimate, lane_mask_t where)
{
    lanes_t zero = lanes_splat(0.0f);
    for (int p = 0; p < estimate->partitions; p++) {
        lanes_complex_t *taps = estimate->taps[p].bins;
        for (int k = 0; k < ECHO_BINS; k++) {
            taps[k].re = lanes_select(where, zero, taps[k].re);
            taps[k].im = lanes_select(where, zero, taps[k].im);
            estimate->variance[p].at[k] = lanes_select(where, lanes_splat(echo_variance_at_first), estimate->variance[p].at[k]);
        }
        estimate->energy[p] = lanes_select(where, zero, estimate->energy[p]);
    }
}

void echo_estimate_constrain(echo_estimate_t *estimate, int count, int clock, lane_mask_t where)
{
    if (!lanes_any(where)) return;
    lanes_t samples[BLOCK_FFT_SAMPLES];
    lanes_complex_t bins[ECHO_BINS];
    for (int n = 0; n < count; n++) {
        lanes_complex_t *taps = estimate->taps[(clock * count + n) % estimate->partitions].bins;
        block_fft_backward(&estimate->fft, taps, samples);
        memset(samples + ECHO_BLOCK, 0, ECHO_BLOCK * sizeof(lanes_t));
        block_fft_forward(&estimate->fft, samples, bins);
        for (int k = 0; k < ECHO_BINS; k++) {
            taps[k].re = lanes_select(where, bins[k].re, taps[k].re);
            taps[k].im = lanes_select(where, bins[k].im, taps[k].im);
        }
    }
}

lanes_t echo_estimate_energy(const echo_estimate_t *estimate)
{
    lanes_t energy = lanes_splat(0.0f);
    for (int p = 0; p < estimate->partitions; p++) energy += estimate->energy[p];
    return energy;
}
