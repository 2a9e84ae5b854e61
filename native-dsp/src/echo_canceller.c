#include "echo_canceller.h"

#include "dsp_math.h"

/* Direct current and hum are not echo: zero at 0 Hz, pole for a corner of 19 Hz at 8 kHz. */
static const float blocker_pole = 0.985f;
/* Above this far is active: -49 dBm0 (rms 60). */
static const float active_power = 60.0f * 60.0f;
/* The part that a new block has in the readings: about a third of a second; in double talk hardly. */
static const float reading_part = 0.012f, reading_part_double_talk = 0.0001f;
/* Converged: this much is cancelled, or less of an echo that is hardly there. */
static const float converged_erle_db = 18.0f, converged_least_erle_db = 6.0f, converged_residual_dbm0 = -50.0f;
/*
 * An estimate that adds much energy to a block or to the last 16 ms, or some over 130 ms, is not subtracted. Less than that it
 * may add for a moment of double talk. Power of the error that matters: -60 dBm0.
 */
static const float harm_part = 0.25f, harm_ratio_soon = 4.0f, harm_ratio_at_once = 12.0f, harm_ratio = 1.2f, harm_power = 16.0f * 16.0f;

/*
 * The echo of a tone is cancelled within a tenth of a second. What has not been for 0.4 s is the near side's own, and is not
 * suppressed. Blocks, as far as they are counted, and how many of them one that is cancelled takes back.
 */
static const float own_blocks = 100.0f, own_blocks_most = 200.0f, own_taken_back = 3.0f, own_part = 0.1f;

/*
 * Far is idle when it has been below -61 dBm0 (rms 20: the idle noise of A-law is 8) for 0.4 s, longer than any tail: no echo is left of
 * it, and what the filter made of near noise would be noise of its own.
 */
static const float idle_power = 20.0f * 20.0f, idle_blocks = 100.0f;

uint32_t DSP_EXPORT(echo_canceller_size)(int tail_ms)
{
    return (uint32_t)sizeof(echo_canceller_t) + echo_filter_extra(tail_ms * (DSP_SAMPLE_RATE_HZ / 1000) / ECHO_BLOCK);
}

void DSP_EXPORT(echo_canceller_init)(echo_canceller_t *canceller, int tail_ms)
{
    memset(canceller, 0, sizeof *canceller);
    echo_filter_init(&canceller->filter, tail_ms * (DSP_SAMPLE_RATE_HZ / 1000) / ECHO_BLOCK, canceller + 1);
    tone_disabler_init(&canceller->disabler);
    echo_suppressor_init(&canceller->suppressor);
    canceller->share = lanes_splat(1.0f);
    for (int lane = 0; lane < LANES; lane++) {
        echo_canceller_switch(canceller, lane, ECHO_ADAPT | ECHO_SUPPRESS | ECHO_COMFORT_NOISE | ECHO_TONE_DISABLER);
    }
}

void DSP_EXPORT(echo_canceller_switch)(echo_canceller_t *canceller, int lane, uint32_t switches)
{
    canceller->adapt[lane] = switches & ECHO_ADAPT ? -1 : 0;
    canceller->suppress[lane] = switches & ECHO_SUPPRESS ? -1 : 0;
    canceller->comfort_noise[lane] = switches & ECHO_COMFORT_NOISE ? -1 : 0;
    canceller->tone_disabler[lane] = switches & ECHO_TONE_DISABLER ? -1 : 0;
}

void DSP_EXPORT(echo_canceller_reset)(echo_canceller_t *canceller, int lane)
{
    canceller->far_in[lane] = canceller->far_out[lane] = canceller->near_in[lane] = canceller->near_out[lane] = 0.0f;
    canceller->far_power[lane] = canceller->near_power[lane] = canceller->echo_power[lane] = canceller->residual_power[lane] = 0.0f;
    canceller->recent_near[lane] = canceller->recent_error[lane] = 0.0f;
    canceller->own[lane] = canceller->idle[lane] = 0.0f;
    canceller->share[lane] = 1.0f;
    canceller->reading[lane] = (echo_reading_t){0};
    narrow_band_reset(&canceller->narrow_band, lane);
    tone_disabler_reset(&canceller->disabler, lane);
    echo_filter_reset(&canceller->filter, lane);
    echo_suppressor_reset(&canceller->suppressor, lane);
}

static void measure(echo_canceller_t *canceller, const echo_block_t *block)
{
    lane_mask_t active = block->far_energy > lanes_splat(ECHO_BLOCK * active_power);
    lane_mask_t converged = canceller->residual_power < lanes_splat(0.05f) * canceller->near_power;
    lane_mask_t double_talk = converged & (block->error_energy > lanes_splat(0.25f) * block->near_energy);
    lanes_t part = lanes_select(active, lanes_select(double_talk, lanes_splat(reading_part_double_talk), lanes_splat(reading_part)), lanes_splat(0.0f));
    lanes_t scale = lanes_splat(1.0f / ECHO_BLOCK);
    canceller->far_power += (block->far_energy * scale - canceller->far_power) * part;
    canceller->near_power += (block->near_energy * scale - canceller->near_power) * part;
    canceller->echo_power += (block->echo_energy * scale - canceller->echo_power) * part;
    canceller->residual_power += (block->error_energy * scale - canceller->residual_power) * part;
}

/* Where the far side is a tone, and what comes back is none of its echo. */
static lane_mask_t is_own(echo_canceller_t *canceller, const echo_block_t *block, lane_mask_t tonal)
{
    lanes_t zero = lanes_splat(0.0f);
    lane_mask_t left = tonal & (block->far_energy > lanes_splat(ECHO_BLOCK * active_power)) & (block->near_energy > lanes_splat(ECHO_BLOCK * active_power))
        & (block->error_energy > lanes_splat(own_part) * block->near_energy);
    lanes_t counted = lanes_select(left, canceller->own + lanes_splat(1.0f), canceller->own - lanes_splat(own_taken_back));
    canceller->own = lanes_select(tonal, lanes_max(lanes_min(counted, lanes_splat(own_blocks_most)), zero), zero);
    return canceller->own > lanes_splat(own_blocks);
}

static lane_mask_t is_idle(echo_canceller_t *canceller, const echo_block_t *block)
{
    lane_mask_t quiet = block->far_energy < lanes_splat(ECHO_BLOCK * idle_power);
    canceller->idle = lanes_select(quiet, lanes_min(canceller->idle + lanes_splat(1.0f), lanes_splat(idle_blocks)), lanes_splat(0.0f));
    return canceller->idle >= lanes_splat(idle_blocks);
}

/* Never worse than nothing: slides within the block to the near signal itself where the estimate adds energy, or far is idle. */
static void spare_harm(echo_canceller_t *canceller, echo_block_t *block, lane_mask_t idle)
{
    lanes_t part = lanes_splat(harm_part), one = lanes_splat(1.0f);
    canceller->recent_near += (block->near_energy - canceller->recent_near) * part;
    canceller->recent_error += (block->error_energy - canceller->recent_error) * part;
    lane_mask_t at_once = block->error_energy > block->near_energy * lanes_splat(harm_ratio_at_once) + lanes_splat(ECHO_BLOCK * harm_power);
    lane_mask_t harmful = at_once | (canceller->recent_error > canceller->recent_near * lanes_splat(harm_ratio_soon))
        | (canceller->filter.left_power > canceller->filter.near_power * lanes_splat(harm_ratio)) | idle;
    lanes_t target = lanes_select(harmful, lanes_splat(0.0f), one);
    lanes_t from = lanes_select(at_once, lanes_splat(0.0f), canceller->share);
    canceller->share = target;
    if (!lanes_any((from < one) | (target < one))) return;
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t share = from + (target - from) * lanes_splat((float)(i + 1) / ECHO_BLOCK);
        block->error[i] += (one - share) * block->echo[i];
    }
}

static void step(echo_canceller_t *canceller, const lanes_t *far, const lanes_t *near, echo_block_t *block)
{
    lanes_t far_energy = lanes_splat(0.0f), near_energy = lanes_splat(0.0f);
    for (int i = 0; i < ECHO_BLOCK; i++) {
        far_energy += far[i] * far[i];
        near_energy += near[i] * near[i];
    }
    block->far_energy = far_energy;
    block->near_energy = near_energy;
    lane_mask_t disabled = canceller->tone_disabler & tone_disabler_push(&canceller->disabler, far, near, far_energy, near_energy);
    lane_mask_t tonal = narrow_band_push(&canceller->narrow_band, far);
    lane_mask_t idle = is_idle(canceller, block);
    echo_filter_step(&canceller->filter, far, near, canceller->adapt & ~disabled & ~idle, tonal, block);
    measure(canceller, block);
    lane_mask_t own = is_own(canceller, block, canceller->filter.tonal) | idle;
    spare_harm(canceller, block, idle);
    if (lanes_any(canceller->suppress)) echo_suppressor_step(&canceller->suppressor, &canceller->filter.estimate.fft, block, canceller->suppress & ~own, canceller->comfort_noise);
}

typedef int16_t four_samples_t __attribute__((vector_size(8)));

static inline lanes_t four_floats(const int16_t *samples)
{
    four_samples_t four;
    memcpy(&four, samples, sizeof four);
    return __builtin_convertvector(four, lanes_t);
}

/* Four samples of each lane at a time: a matrix turned over, which costs less than sixteen single samples. */
static void load_block(const int16_t *samples, int stride, int from, lanes_t *values)
{
    for (int i = 0; i < ECHO_BLOCK; i += 4) {
        const int16_t *at = samples + from + i;
        lanes_t a = four_floats(at), b = four_floats(at + stride), c = four_floats(at + 2 * stride), d = four_floats(at + 3 * stride);
        lanes_t ab_low = __builtin_shufflevector(a, b, 0, 4, 1, 5), ab_high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
        lanes_t cd_low = __builtin_shufflevector(c, d, 0, 4, 1, 5), cd_high = __builtin_shufflevector(c, d, 2, 6, 3, 7);
        values[i] = __builtin_shufflevector(ab_low, cd_low, 0, 1, 4, 5);
        values[i + 1] = __builtin_shufflevector(ab_low, cd_low, 2, 3, 6, 7);
        values[i + 2] = __builtin_shufflevector(ab_high, cd_high, 0, 1, 4, 5);
        values[i + 3] = __builtin_shufflevector(ab_high, cd_high, 2, 3, 6, 7);
    }
}

/* Without direct current, in place. What has died away is cut off: the processor is slow with the smallest numbers. */
static void block_direct_current(lanes_t *samples, lanes_t *last_in, lanes_t *last_out)
{
    lanes_t in = *last_in, out = *last_out, pole = lanes_splat(blocker_pole);
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t sample = samples[i];
        samples[i] = out = sample - in + pole * out;
        in = sample;
    }
    *last_in = in;
    *last_out = lanes_select(lanes_abs(out) < lanes_splat(1e-6f), lanes_splat(0.0f), out);
}

/* Rounded to nearest even and saturated; what is not a number becomes silence of a kind. Adding 1.5·2^23 leaves no place for a fraction. */
static void store_block(int16_t *samples, int stride, int from, const lanes_t *values)
{
    lanes_t high = lanes_splat(32767.0f), low = lanes_splat(-32768.0f), whole = lanes_splat(12582912.0f);
    for (int i = 0; i < ECHO_BLOCK; i++) {
        lanes_t rounded = lanes_max(lanes_min(values[i], high), low) + whole - whole;
        lane_mask_t sample = __builtin_convertvector(rounded, lane_mask_t);
        int16_t *at = samples + from + i;
        at[0] = (int16_t)sample[0];
        at[stride] = (int16_t)sample[1];
        at[2 * stride] = (int16_t)sample[2];
        at[3 * stride] = (int16_t)sample[3];
    }
}

void DSP_EXPORT(echo_canceller_process)(echo_canceller_t *canceller, const int16_t *far, int far_stride, const int16_t *near, int near_stride, int16_t *out, int out_stride, int count)
{
    lanes_t far_block[ECHO_BLOCK], near_block[ECHO_BLOCK];
    echo_block_t block;
    for (int from = 0; from + ECHO_BLOCK <= count; from += ECHO_BLOCK) {
        load_block(far, far_stride, from, far_block);
        load_block(near, near_stride, from, near_block);
        block_direct_current(far_block, &canceller->far_in, &canceller->far_out);
        block_direct_current(near_block, &canceller->near_in, &canceller->near_out);
        step(canceller, far_block, near_block, &block);
        lane_mask_t disabled = canceller->tone_disabler & canceller->disabler.disabled;
        if (lanes_any(disabled)) {
            load_block(near, near_stride, from, near_block);
            for (int i = 0; i < ECHO_BLOCK; i++) block.error[i] = lanes_select(disabled, near_block[i], block.error[i]);
        }
        store_block(out, out_stride, from, block.error);
    }
}

/* Decibels of a ratio of powers that may be zero, within ±120. */
static float decibels(float above, float below)
{
    double ratio = ((double)above + 1e-12) / ((double)below + 1e-12);
    if (!(ratio > 1e-12)) return -120.0f;
    if (!(ratio < 1e12)) return 120.0f;
    return (float)(dsp_decibels(ratio) * 0.5);
}

const echo_reading_t *DSP_EXPORT(echo_canceller_read)(echo_canceller_t *canceller, int lane)
{
    echo_reading_t *reading = &canceller->reading[lane];
    float far = canceller->far_power[lane], near = canceller->near_power[lane], residual = canceller->residual_power[lane];
    reading->erle_db = decibels(near, residual);
    reading->residual_dbm0 = decibels(residual, DSP_RMS_0_DBM0 * DSP_RMS_0_DBM0);
    reading->converged = reading->erle_db >= converged_erle_db || (reading->erle_db >= converged_least_erle_db && reading->residual_dbm0 <= converged_residual_dbm0);
    /* A good estimate is free of near speech; without one the near level must do. */
    reading->erl_db = decibels(far, reading->converged ? canceller->echo_power[lane] : near);
    reading->disabled = canceller->tone_disabler[lane] & canceller->disabler.disabled[lane] & 1;
    return reading;
}
