#include "noise_reduction.h"

#include "dsp_math.h"

/* Per frame of 4 ms. */
static const float power_kept = 0.85f;
static const float noise_kept = 0.98f;
static const float presence_kept = 0.9f;
/* Of the decision-directed ratio: high keeps single bands from flickering, low keeps onsets. */
static const float decision_kept = 0.94f;
static const float open = 0.75f;
/* Power to assumed noise, once in 10,000 frames of noise. */
static const float onset = 8.0f;
/* The least is of the last 1.2 to 2.4 s: longer than fluent speech stays in any band without a dip. */
static const int32_t window_frames = 300;
/* Powers: what the mean of noise is at least and at most to the least of its smoothed power, and what speech is. */
static const float least_bias = 1.4f, most_bias = 3.5f;
static const float speech_ratio = 4.0f;
/* A single frame of noise has such a power, to its mean, once in 150. */
static const float speech_peak = 5.0f;
/* The first frames are taken as noise. */
static const int32_t learning_frames = 25;
/* More noise is assumed than is measured: −1 dB of gain error in weak speech against a calm rest. */
static const float over = 1.2f;
/* Power of a bin below which nothing is: a 16-bit quantum's noise in a frame. */
static const float quantum = 3.0f;
/* Of white noise of −30 dBm0 in a frame: no line is noisier, and a dial tone, which is as steady as noise, is far above. */
static const float loudest = 8.3e6f;

uint32_t DSP_EXPORT(noise_reduction_size)(void) { return sizeof(noise_reduction_t); }

void DSP_EXPORT(noise_reduction_reset)(noise_reduction_t *reduction, int lane)
{
    for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) reduction->input[i][lane] = 0.0f;
    for (int i = 0; i < BLOCK_FFT_HALF; i++) reduction->overlap[i][lane] = reduction->output[i][lane] = 0.0f;
    for (int b = 0; b < BLOCK_FFT_BINS; b++) {
        reduction->smooth[b][lane] = reduction->noise[b][lane] = reduction->least[b][lane] = reduction->next_least[b][lane] = quantum;
        reduction->presence[b][lane] = reduction->clean[b][lane] = 0.0f;
        reduction->gains[b][lane] = 1.0f;
    }
    reduction->floor[lane] = 1.0f;
    reduction->on[lane] = 0;
    reduction->frames[lane] = 0;
}

void DSP_EXPORT(noise_reduction_init)(noise_reduction_t *reduction)
{
    block_fft_init(&reduction->fft);
    for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) reduction->window[i] = (float)dsp_sin(DSP_PI * ((double)i + 0.5) / BLOCK_FFT_SAMPLES);
    reduction->filled = reduction->gathered = 0;
    for (int lane = 0; lane < LANES; lane++) noise_reduction_reset(reduction, lane);
}

void DSP_EXPORT(noise_reduction_enable)(noise_reduction_t *reduction, int lane, float db)
{
    if (!(db > 0.0f)) db = 0.0f; /* a NaN too */
    if (db > 20.0f) db = 20.0f;
    reduction->floor[lane] = (float)dsp_amplitude(-(double)db);
    reduction->on[lane] = -1;
}

void DSP_EXPORT(noise_reduction_disable)(noise_reduction_t *reduction, int lane)
{
    reduction->on[lane] = 0;
    /* What is under way belongs to the past when the lane is enabled again. */
    for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) reduction->input[i][lane] = 0.0f;
    for (int i = 0; i < BLOCK_FFT_HALF; i++) reduction->overlap[i][lane] = reduction->output[i][lane] = 0.0f;
}

/* The noise of a band, from its power in this frame. */
static void follow(noise_reduction_t *reduction, int b, lanes_t power, lane_mask_t learning, bool renew)
{
    const lanes_t one = lanes_splat(1.0f);
    lanes_t smooth = reduction->smooth[b] * lanes_splat(power_kept) + power * lanes_splat(1.0f - power_kept);
    reduction->smooth[b] = smooth;
    lanes_t least = lanes_min(reduction->least[b], smooth), next = lanes_min(reduction->next_least[b], smooth);
    /* While learning there is no past to be the least of. */
    reduction->least[b] = lanes_select(learning, smooth, renew ? next : least);
    reduction->next_least[b] = lanes_select(learning, smooth, renew ? smooth : next);

    lane_mask_t speech = (smooth > reduction->least[b] * lanes_splat(speech_ratio)) | (power > reduction->noise[b] * lanes_splat(speech_peak));
    lanes_t presence = lanes_select(speech, one, reduction->presence[b] * lanes_splat(presence_kept));
    reduction->presence[b] = presence = lanes_select(learning, (lanes_t){0}, presence);
    lanes_t kept = lanes_select(learning, lanes_splat(0.85f), lanes_splat(noise_kept) + lanes_splat(1.0f - noise_kept) * presence);
    lanes_t noise = reduction->noise[b] * kept + power * (one - kept);
    /* Noise that has risen under speech is seen by its minima only; and so is it that a call which began with speech learned speech. */
    noise = lanes_max(noise, reduction->least[b] * lanes_splat(least_bias));
    noise = lanes_min(noise, reduction->least[b] * lanes_splat(most_bias));
    reduction->noise[b] = lanes_max(lanes_min(noise, lanes_splat(loudest)), lanes_splat(quantum));
}

static void frame(noise_reduction_t *reduction)
{
    const lanes_t one = lanes_splat(1.0f);
    lanes_t samples[BLOCK_FFT_SAMPLES], gains[BLOCK_FFT_BINS];
    lanes_complex_t bins[BLOCK_FFT_BINS];
    for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) samples[i] = reduction->input[i] * lanes_splat(reduction->window[i]);
    block_fft_forward(&reduction->fft, samples, bins);

    lane_mask_t learning;
    for (int lane = 0; lane < LANES; lane++) {
        learning[lane] = reduction->frames[lane] < learning_frames ? -1 : 0;
        if (reduction->on[lane] && reduction->frames[lane] < 1 << 30) reduction->frames[lane]++;
    }
    bool renew = ++reduction->gathered >= window_frames;
    if (renew) reduction->gathered = 0;
    for (int b = 0; b < BLOCK_FFT_BINS; b++) {
        lanes_t power = bins[b].re * bins[b].re + bins[b].im * bins[b].im;
        follow(reduction, b, power, learning, renew);
        lanes_t per_noise = one / (reduction->noise[b] * lanes_splat(over));
        lanes_t above = lanes_max(power * per_noise - one, (lanes_t){0});
        lanes_t ratio = reduction->clean[b] * per_noise * lanes_splat(decision_kept) + above * lanes_splat(1.0f - decision_kept);
        /* Noise alone is never so strong: an onset, which is let through at once. */
        ratio = lanes_select(above > lanes_splat(onset), lanes_max(ratio, above), ratio);
        gains[b] = lanes_max(ratio / (one + ratio), reduction->floor);
        reduction->clean[b] = gains[b] * gains[b] * power;
    }
    /* A single band that opens half among closed ones would ring; one that is open is a tone, or a voice's harmonic. */
    for (int b = 0; b < BLOCK_FFT_BINS; b++) {
        lanes_t around = gains[b > 0 ? b - 1 : 1] + gains[b < BLOCK_FFT_BINS - 1 ? b + 1 : b - 1];
        lanes_t smoothed = gains[b] * lanes_splat(0.5f) + around * lanes_splat(0.25f);
        lanes_t gain = lanes_select(gains[b] > lanes_splat(open), gains[b], lanes_min(gains[b], smoothed));
        reduction->gains[b] = gain;
        bins[b].re *= gain;
        bins[b].im *= gain;
    }
    block_fft_backward(&reduction->fft, bins, samples);
    for (int i = 0; i < BLOCK_FFT_HALF; i++) {
        reduction->output[i] = reduction->overlap[i] + samples[i] * lanes_splat(reduction->window[i]);
        reduction->overlap[i] = samples[i + BLOCK_FFT_HALF] * lanes_splat(reduction->window[i + BLOCK_FFT_HALF]);
    }
    memcpy(reduction->input, reduction->input + BLOCK_FFT_HALF, BLOCK_FFT_HALF * sizeof *reduction->input);
}

void DSP_EXPORT(noise_reduction_process)(noise_reduction_t *reduction, int16_t *samples, int stride, int count)
{
    if (!lanes_any(reduction->on)) return;
    for (int i = 0; i < count; i++) {
        lanes_t sample = lanes_load(samples, stride, i);
        lanes_t given = reduction->output[reduction->filled];
        reduction->input[BLOCK_FFT_HALF + reduction->filled] = lanes_select(reduction->on, sample, (lanes_t){0});
        lanes_store(samples, stride, i, lanes_select(reduction->on, given, sample));
        if (++reduction->filled < BLOCK_FFT_HALF) continue;
        reduction->filled = 0;
        frame(reduction);
    }
}

float DSP_EXPORT(noise_reduction_noise_dbm0)(const noise_reduction_t *reduction, int lane)
{
    /* Parseval: the mean square of a frame under its window is half of the signal's. */
    double sum = 0.0;
    for (int b = 0; b < BLOCK_FFT_BINS; b++) sum += (double)reduction->noise[b][lane] * (b == 0 || b == BLOCK_FFT_BINS - 1 ? 1.0 : 2.0);
    double square = sum * 2.0 / (BLOCK_FFT_SAMPLES * BLOCK_FFT_SAMPLES);
    double reference = (double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0;
    return square < reference * 1e-9 ? -90.0f : (float)(0.5 * dsp_decibels(square / reference));
}
