#include "drift_resampler.h"

#include "kaiser.h"
#include "lanes.h"

static const int64_t one = (int64_t)1 << 32;
static const double shape = 6.5;

uint32_t DSP_EXPORT(drift_filter_size)(void) { return sizeof(drift_filter_t); }

void DSP_EXPORT(drift_filter_init)(drift_filter_t *filter)
{
    for (int phase = 0; phase <= DRIFT_PHASES; phase++) {
        double sum = 0.0, taps[DRIFT_TAPS];
        for (int k = 0; k < DRIFT_TAPS; k++) {
            double x = (double)(k - DRIFT_TAPS / 2 + 1) - (double)phase / DRIFT_PHASES;
            sum += taps[k] = kaiser_sinc(x, x / (DRIFT_TAPS / 2), shape);
        }
        /* The same gain at every phase, or the level would ripple as the clocks pass each other. */
        for (int k = 0; k < DRIFT_TAPS; k++) filter->taps[phase][k] = (float)(taps[k] / sum);
    }
}

uint32_t DSP_EXPORT(drift_resampler_size)(void) { return sizeof(drift_resampler_t); }

void DSP_EXPORT(drift_resampler_init)(drift_resampler_t *resampler) { *resampler = (drift_resampler_t){.step = one}; }

void DSP_EXPORT(drift_resampler_set)(drift_resampler_t *resampler, float ppm)
{
    if (!(ppm > -DRIFT_PPM_MAX)) ppm = -DRIFT_PPM_MAX; /* a NaN too */
    if (ppm > DRIFT_PPM_MAX) ppm = DRIFT_PPM_MAX;
    resampler->step = one + (int64_t)((double)ppm * 1e-6 * (double)one);
}

/* Output i lies at position + i · step and needs the input samples up to there. */
int DSP_EXPORT(drift_resampler_needs)(const drift_resampler_t *resampler, int count)
{
    if (count <= 0) return 0;
    return (int)((resampler->position + (int64_t)(count - 1) * resampler->step) >> 32) + 1;
}

/* Four neighbours in time, from any place. */
typedef float loose_t __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
static lanes_t load(const float *at) { return *(const loose_t *)at; }

static void convert(const drift_filter_t *filter, drift_resampler_t *resampler, const int16_t *from, int inputs, int16_t *to, int outputs)
{
    float row[DRIFT_TAPS + DRIFT_SAMPLES_MAX];
    memcpy(row, resampler->history, sizeof resampler->history);
    for (int i = 0; i < inputs; i++) row[DRIFT_TAPS + i] = (float)from[i];

    int64_t position = resampler->position;
    for (int i = 0; i < outputs; i++, position += resampler->step) {
        /* The window ends with the input sample at or before the position. */
        const float *window = row + (position >> 32) + 1;
        float place = (float)((uint32_t)position >> 8) * (DRIFT_PHASES / 16777216.0f);
        int phase = (int)place;
        const float *before = filter->taps[phase], *after = filter->taps[phase + 1];
        lanes_t part = lanes_splat(place - (float)phase), even = {0}, odd = {0};
        for (int k = 0; k < DRIFT_TAPS; k += 8) {
            lanes_t a = load(before + k), b = load(before + k + 4);
            even += (a + part * (load(after + k) - a)) * load(window + k);
            odd += (b + part * (load(after + k + 4) - b)) * load(window + k + 4);
        }
        even += odd;
        to[i] = dsp_to_sample((even[0] + even[1]) + (even[2] + even[3]));
    }
    memcpy(resampler->history, row + inputs, sizeof resampler->history);
    resampler->position = position - ((int64_t)inputs << 32);
}

int DSP_EXPORT(drift_resampler_take)(const drift_filter_t *filter, drift_resampler_t *resampler, const int16_t *from, int16_t *to, int count)
{
    int needed = drift_resampler_needs(resampler, count);
    if (count <= 0 || count > DRIFT_SAMPLES_MAX || needed > DRIFT_SAMPLES_MAX) return 0;
    convert(filter, resampler, from, needed, to, count);
    return needed;
}

int DSP_EXPORT(drift_resampler_push)(const drift_filter_t *filter, drift_resampler_t *resampler, const int16_t *from, int count, int16_t *to)
{
    if (count <= 0 || count > DRIFT_SAMPLES_MAX) return 0;
    int64_t room = ((int64_t)count << 32) - resampler->position;
    int given = (int)((room + resampler->step - 1) / resampler->step);
    if (given > DRIFT_SAMPLES_MAX) return 0;
    convert(filter, resampler, from, count, to, given);
    return given;
}
