#include "echo_suppressor.h"

#include "dsp_math.h"

/* First bin (of 125 Hz) behind each band, and the coefficients of the splits there: second-order Butterworth low-passes at 8 kHz. */
static const int band_end[ECHO_SUPPRESSOR_BANDS] = {5, 9, 15, 22, ECHO_BINS};
static const struct { float b0, b1, b2, a1, a2; } low_pass[ECHO_SUPPRESSOR_BANDS - 1] = {
    {0.03686121f, 0.07372242f, 0.03686121f, -1.38826765f, 0.53571249f},
    {0.10776109f, 0.21552217f, 0.10776109f, -0.88135054f, 0.31239489f},
    {0.25104234f, 0.50208468f, 0.25104234f, -0.17267961f, 0.17684897f},
    {0.47124101f, 0.94248201f, 0.47124101f, 0.64002604f, 0.24493799f},
};

/* Of the last powers that is kept after a block of 4 ms. */
static const float power_memory = 0.5f;
/* Residual echo is over-estimated by this, for it fluctuates: 9 dB. */
static const float margin = 8.0f;
/* Of what the filter thinks it may be off by. */
static const float doubt_part = 0.4f;
/* What G.711 makes of the echo is noise of all bands: of its power, a bin (-37 dB). */
static const float quantization = 2e-4f;
/* A gain below this is none (-10 dB), and one above that is 1. */
static const float gain_floor = 0.316f, gain_open = 0.999f;
/* The leak follows the ratio of residual to echo down quickly, up slowly, and hardly when near speech is likelier. */
static const float leak_at_first = 0.1f, leak_down = 0.2f, leak_up = 0.02f, leak_drift = 1.0005f, leak_outlier = 4.0f, leak_least = 1e-4f;
/* Echo below -60 dBm0 a band teaches no leak. */
static const float leak_power = 16.0f * 16.0f * ECHO_BLOCK * BLOCK_FFT_HALF;
/*
 * Noise is learnt where residual echo is at most this part: by the minimum of the smoothed power over one to two windows of
 * 0.8 s, which speech does not raise (Martin 2001), times what a minimum is below the mean.
 */
static const float noise_echo = 0.1f, noise_part = 0.3f, noise_bias = 2.4f;
static const float noise_window_blocks = 40.0f; /* a band is looked at in one of five blocks */
/* Mean squares of -78, -72 and -40 dBm0: what near noise is at least, at first and at most, as bins of a block. */
static const float noise_least = 4.0f * ECHO_BLOCK, noise_at_first = 16.0f * ECHO_BLOCK, noise_most = 26000.0f * ECHO_BLOCK;

void echo_suppressor_init(echo_suppressor_t *suppressor)
{
    memset(suppressor, 0, sizeof *suppressor);
    for (int i = 0; i < ECHO_BLOCK; i++) suppressor->fade[i] = (float)dsp_sin(DSP_PI / 2.0 * (i + 0.5) / ECHO_BLOCK);
    for (int lane = 0; lane < LANES; lane++) echo_suppressor_reset(suppressor, lane);
}

void echo_suppressor_reset(echo_suppressor_t *suppressor, int lane)
{
    for (int b = 0; b < ECHO_SUPPRESSOR_BANDS; b++) {
        suppressor->error[b][lane] = suppressor->expected[b][lane] = 0.0f;
        suppressor->leak[b][lane] = leak_at_first;
        suppressor->gain[b][lane] = 1.0f;
        suppressor->counted[b][lane] = 0.0f;
    }
    for (int b = 0; b < ECHO_SUPPRESSOR_BANDS - 1; b++) suppressor->split[b].first[lane] = suppressor->split[b].second[lane] = 0.0f;
    for (int k = 0; k < ECHO_BINS; k++) {
        suppressor->noise[k][lane] = noise_at_first;
        suppressor->lowest_before[k][lane] = suppressor->lowest[k][lane] = suppressor->smooth[k][lane] = noise_at_first;
        suppressor->amplitude[k][lane] = 0.0f;
    }
    for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) suppressor->wave[i][lane] = 0.0f;
    suppressor->active[lane] = 0;
    suppressor->random[lane] = 1u + (uint32_t)lane * 0x9e3779b9u;
}

/* The noise of a band's bins, in the lanes of `where`. */
static void learn_noise(echo_suppressor_t *suppressor, const echo_block_t *block, int band, int from, int to, lane_mask_t where)
{
    if (!lanes_any(where)) return;
    lanes_t part = lanes_select(where, lanes_splat(noise_part), lanes_splat(0.0f));
    lanes_t counted = suppressor->counted[band] + lanes_select(where, lanes_splat(1.0f), lanes_splat(0.0f));
    lane_mask_t over = counted >= lanes_splat(noise_window_blocks);
    suppressor->counted[band] = lanes_select(over, lanes_splat(0.0f), counted);
    for (int k = from; k < to; k++) {
        lanes_complex_t e = block->spectrum.bins[k];
        lanes_t smooth = suppressor->smooth[k] + (e.re * e.re + e.im * e.im - suppressor->smooth[k]) * part;
        lanes_t lowest = lanes_min(suppressor->lowest[k], smooth), before = suppressor->lowest_before[k];
        suppressor->smooth[k] = smooth;
        suppressor->lowest_before[k] = lanes_select(over, lowest, before);
        suppressor->lowest[k] = lanes_select(over, smooth, lowest);
        lanes_t noise = lanes_min(lanes_max(lanes_min(lowest, before) * lanes_splat(noise_bias), lanes_splat(noise_least)), lanes_splat(noise_most));
        suppressor->noise[k] = lanes_select(where, noise, suppressor->noise[k]);
    }
}

/* Decides the gains that are to be reached at the end of this block; where any is below one. */
static lane_mask_t decide(echo_suppressor_t *suppressor, const echo_block_t *block, lane_mask_t suppress, lanes_t *target)
{
    lanes_t zero = lanes_splat(0.0f), one = lanes_splat(1.0f);
    lane_mask_t any = {0};
    for (int b = 0, k = 0; b < ECHO_SUPPRESSOR_BANDS; b++) {
        int from = k;
        lanes_t error = zero, echo = zero, doubt = zero, noise = zero;
        for (; k < band_end[b]; k++) {
            lanes_complex_t e = block->spectrum.bins[k];
            error += e.re * e.re + e.im * e.im;
            echo += block->echo_power.at[k];
            doubt += block->uncertainty.at[k];
            noise += suppressor->noise[k];
        }
        lanes_t half = lanes_splat(0.5f); /* the error's spectrum is of 32 samples, the others' are of 64 */
        lanes_t expected = half * (suppressor->leak[b] * echo + lanes_splat(doubt_part) * doubt)
            + block->echo_energy * lanes_splat(quantization * (float)(k - from));
        lanes_t ratio = lanes_max(error - noise, zero) / (half * echo + one);
        lanes_t leak = suppressor->leak[b];
        lanes_t follow = lanes_select(ratio < leak, leak + (ratio - leak) * lanes_splat(leak_down), lanes_select(ratio < leak * lanes_splat(leak_outlier), leak + (ratio - leak) * lanes_splat(leak_up), leak * lanes_splat(leak_drift)));
        suppressor->leak[b] = lanes_select(echo > lanes_splat(leak_power), lanes_min(lanes_max(follow, lanes_splat(leak_least)), one), leak);

        lanes_t memory = lanes_splat(power_memory), part = lanes_splat(1.0f - power_memory);
        suppressor->error[b] = suppressor->error[b] * memory + error * part;
        suppressor->expected[b] = suppressor->expected[b] * memory + expected * part;
        lanes_t gain = (suppressor->error[b] - lanes_splat(margin) * suppressor->expected[b]) / (suppressor->error[b] + one);
        gain = lanes_select(gain > lanes_splat(gain_floor), lanes_select(gain > lanes_splat(gain_open), one, gain), zero);
        target[b] = lanes_select(suppress, gain, one);
        any |= (target[b] < one) | (suppressor->gain[b] < one);

        if (b == suppressor->turn) learn_noise(suppressor, block, b, from, k, expected < error * lanes_splat(noise_echo));
    }
    return any;
}

/* Five bands whose sum is the sample itself, each with its gain, in the lanes of `where`; in the others nothing is touched. */
static void split(echo_suppressor_t *suppressor, lanes_t *samples, const lanes_t *target, lane_mask_t where)
{
    lanes_t gain[ECHO_SUPPRESSOR_BANDS], step[ECHO_SUPPRESSOR_BANDS];
    echo_split_t state[ECHO_SUPPRESSOR_BANDS - 1];
    memcpy(state, suppressor->split, sizeof state);
    for (int b = 0; b < ECHO_SUPPRESSOR_BANDS; b++) {
        gain[b] = suppressor->gain[b];
        step[b] = (target[b] - gain[b]) * lanes_splat(1.0f / ECHO_BLOCK);
    }
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t rest = samples[i], sum = lanes_splat(0.0f);
        for (int b = 0; b < ECHO_SUPPRESSOR_BANDS - 1; b++) {
            lanes_t low = lanes_splat(low_pass[b].b0) * rest + state[b].first;
            state[b].first = lanes_splat(low_pass[b].b1) * rest - lanes_splat(low_pass[b].a1) * low + state[b].second;
            state[b].second = lanes_splat(low_pass[b].b2) * rest - lanes_splat(low_pass[b].a2) * low;
            gain[b] += step[b];
            sum += gain[b] * low;
            rest -= low;
        }
        gain[ECHO_SUPPRESSOR_BANDS - 1] += step[ECHO_SUPPRESSOR_BANDS - 1];
        samples[i] = lanes_select(where, sum + gain[ECHO_SUPPRESSOR_BANDS - 1] * rest, samples[i]);
    }
    for (int b = 0; b < ECHO_SUPPRESSOR_BANDS - 1; b++) {
        suppressor->split[b].first = lanes_select(where, state[b].first, lanes_splat(0.0f));
        suppressor->split[b].second = lanes_select(where, state[b].second, lanes_splat(0.0f));
    }
}

/* A new wave of random phases and the spectrum of the near noise, where bands are suppressed. */
static void make_noise(echo_suppressor_t *suppressor, const block_fft_t *fft, lane_mask_t active, lane_mask_t where, lanes_t *wave)
{
    lane_random_t random = suppressor->random;
    lanes_complex_t bins[ECHO_BINS];
    for (int b = 0, k = 0; b < ECHO_SUPPRESSOR_BANDS; b++) {
        lanes_t rest = lanes_splat(1.0f) - suppressor->gain[b] * suppressor->gain[b];
        lanes_t fill = lanes_select(where, lanes_sqrt(lanes_max(rest, lanes_splat(0.0f))), lanes_splat(0.0f));
        for (; k < band_end[b]; k++) {
            random = random * 1664525u + 1013904223u;
            lane_mask_t re = (lane_mask_t)(random & 0x80000000u), im = (lane_mask_t)((random << 1) & 0x80000000u);
            lanes_t amplitude = suppressor->amplitude[k] * fill;
            bins[k] = (lanes_complex_t){(lanes_t)((lane_mask_t)amplitude ^ re), (lanes_t)((lane_mask_t)amplitude ^ im)};
        }
    }
    suppressor->random = (suppressor->random & (lane_random_t)~active) | (random & (lane_random_t)active);
    bins[0].re = bins[0].im = bins[ECHO_BINS - 1].im = lanes_splat(0.0f);
    block_fft_backward(fft, bins, wave);
}

/* A wave repeats after 64 samples: in every other block it goes over into a new one, in between it goes on. */
static void add_noise(echo_suppressor_t *suppressor, const block_fft_t *fft, lanes_t *samples, lane_mask_t active, lane_mask_t where)
{
    lanes_t *wave = suppressor->wave;
    if (suppressor->beat != 0) {
        for (int i = 0; i < ECHO_BLOCK; i++) samples[i] += wave[ECHO_BLOCK + i];
        return;
    }
    lanes_t fresh[BLOCK_FFT_SAMPLES];
    make_noise(suppressor, fft, active, where, fresh);
    for (int i = 0; i < ECHO_BLOCK; i++) {
        samples[i] += fresh[i] * lanes_splat(suppressor->fade[i]) + wave[i] * lanes_splat(suppressor->fade[ECHO_BLOCK - 1 - i]);
    }
    memcpy(wave, fresh, sizeof fresh);
}

void echo_suppressor_step(echo_suppressor_t *suppressor, const block_fft_t *fft, echo_block_t *block, lane_mask_t suppress, lane_mask_t fill)
{
    lanes_t target[ECHO_SUPPRESSOR_BANDS];
    lane_mask_t active = decide(suppressor, block, suppress, target);
    /* Three of the roots a block: noise changes slowly. An imaginary and a real part of amplitude √p make a power of 2p, of 64 samples. */
    for (int n = 0; n < 3; n++) {
        int k = suppressor->refreshed = (suppressor->refreshed + 1) % ECHO_BINS;
        suppressor->amplitude[k] = lanes_sqrt(suppressor->noise[k]);
    }
    suppressor->turn = (suppressor->turn + 1) % ECHO_SUPPRESSOR_BANDS;
    suppressor->beat = (suppressor->beat + 1) % 2;
    lane_mask_t ended = suppressor->active & ~active;
    suppressor->active = active;
    if (lanes_any(ended)) {
        for (int i = 0; i < BLOCK_FFT_SAMPLES; i++) suppressor->wave[i] = lanes_select(ended, lanes_splat(0.0f), suppressor->wave[i]);
    }
    if (!lanes_any(active)) return;
    lane_mask_t shut = active;
    for (int b = 0; b < ECHO_SUPPRESSOR_BANDS; b++) shut &= (suppressor->gain[b] == lanes_splat(0.0f)) & (target[b] == lanes_splat(0.0f));
    if (!lanes_any(active & ~shut)) memset(suppressor->split, 0, sizeof suppressor->split);
    else split(suppressor, block->error, target, active & ~shut);
    for (int i = 0; i < ECHO_BLOCK; i++) block->error[i] = lanes_select(shut, lanes_splat(0.0f), block->error[i]);
    memcpy(suppressor->gain, target, sizeof target);
    add_noise(suppressor, fft, block->error, active, fill & suppress);
}
