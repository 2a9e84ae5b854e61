#include "resampler.h"

#include "dsp_math.h"
#include "kaiser.h"
#include "lanes.h"

/* Kaiser's shape for about 65 dB. */
static const double shape = 6.2;

uint32_t DSP_EXPORT(resampler_filter_size)(void) { return sizeof(resampler_filter_t); }

int DSP_EXPORT(resampler_filter_init)(resampler_filter_t *filter, int from_hz, int to_hz)
{
    int lower = from_hz < to_hz ? from_hz : to_hz, higher = from_hz < to_hz ? to_hz : from_hz;
    if (lower < 1 || higher % lower != 0) return 0;
    int factor = higher / lower, middle = RESAMPLER_TAPS / 2 * factor;
    if (factor != 2 && factor != 3 && factor != 6) return 0;
    *filter = (resampler_filter_t){.factor = factor, .up = from_hz < to_hz};
    for (int phase = 0; phase < factor; phase++) {
        for (int k = 0; k < RESAMPLER_TAPS; k++) {
            /* Newest sample last. Going down, row `phase` holds the samples that come `phase` after each output's first. */
            int age = RESAMPLER_TAPS - 1 - k;
            int at = (filter->up ? age * factor + phase : age * factor - phase + factor) - middle;
            double value = kaiser_sinc((double)at / factor, (double)at / middle, shape);
            filter->taps[phase][k] = (float)(filter->up ? value : value / factor);
        }
    }
    return 1;
}

uint32_t DSP_EXPORT(resampler_size)(void) { return sizeof(resampler_t); }

void DSP_EXPORT(resampler_init)(resampler_t *resampler) { *resampler = (resampler_t){0}; }

/* Four neighbours in time, from any place. */
typedef float loose_t __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
static lanes_t load(const float *at) { return *(const loose_t *)at; }

static void store(float *at, lanes_t four) { *(loose_t *)at = four; }

/* sums[i] += Σ taps[k] · row[i + k], neighbours in time side by side and enough of them to keep the adders busy. */
static void convolve(float *restrict sums, const float *restrict row, const float *restrict taps, int count)
{
    for (int i = 0; i < count; i += RESAMPLER_SAMPLES_STEP) {
        lanes_t a = load(sums + i), b = load(sums + i + 4), c = load(sums + i + 8), d = load(sums + i + 12);
        for (int k = 0; k < RESAMPLER_TAPS; k++) {
            lanes_t tap = lanes_splat(taps[k]);
            const float *at = row + i + k;
            a += tap * load(at);
            b += tap * load(at + 4);
            c += tap * load(at + 8);
            d += tap * load(at + 12);
        }
        store(sums + i, a);
        store(sums + i + 4, b);
        store(sums + i + 8, c);
        store(sums + i + 12, d);
    }
}

/* The row that is to be convolved: what is remembered without its oldest, then every `step`-th sample of the input. */
static void extend(float *restrict row, float *restrict history, const int16_t *restrict from, int step, int count)
{
    memcpy(row, history + 1, (RESAMPLER_TAPS - 1) * sizeof *row);
    for (int i = 0; i < count; i++) row[RESAMPLER_TAPS - 1 + i] = (float)from[i * step];
    /* One before the next block's first window, which that block drops: keeps rows and history the same length. */
    memcpy(history, row + count - 1, RESAMPLER_TAPS * sizeof *row);
}

int DSP_EXPORT(resampler_process)(const resampler_filter_t *filter, resampler_t *resampler, const int16_t *from, int count, int16_t *to)
{
    float row[RESAMPLER_TAPS - 1 + RESAMPLER_SAMPLES_MAX], sums[RESAMPLER_SAMPLES_MAX];
    int factor = filter->factor, slots = filter->up ? count : count / factor;
    if (slots <= 0 || slots > RESAMPLER_SAMPLES_MAX || slots % RESAMPLER_SAMPLES_STEP != 0 || (!filter->up && slots * factor != count)) return 0;
    if (filter->up) {
        extend(row, resampler->history[0], from, 1, slots);
        /* An L-th band filter: the first phase has one tap, of 1, as the sinc is zero at all others. */
        for (int i = 0; i < slots; i++) to[i * factor] = (int16_t)row[RESAMPLER_TAPS / 2 - 1 + i];
        for (int phase = 1; phase < factor; phase++) {
            memset(sums, 0, (size_t)slots * sizeof *sums);
            convolve(sums, row, filter->taps[phase], slots);
            for (int i = 0; i < slots; i++) to[i * factor + phase] = dsp_to_sample(sums[i]);
        }
        return slots * factor;
    }
    extend(row, resampler->history[0], from, factor, slots);
    for (int i = 0; i < slots; i++) sums[i] = row[RESAMPLER_TAPS / 2 + i] * filter->taps[0][RESAMPLER_TAPS / 2];
    for (int phase = 1; phase < factor; phase++) {
        extend(row, resampler->history[phase], from + phase, factor, slots);
        convolve(sums, row, filter->taps[phase], slots);
    }
    for (int i = 0; i < slots; i++) to[i] = dsp_to_sample(sums[i]);
    return slots;
}
