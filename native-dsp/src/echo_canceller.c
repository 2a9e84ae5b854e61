#include "echo_canceller.h"

#include "dsp_math.h"

/* Direct current and hum are not echo: zero at 0 Hz, pole for a corner of 19 Hz at 8 kHz. */
static const float blocker_pole = 0.985f;
/* Above this far is active: -49 dBm0 (rms 60). */
static const float active_power = 60.0f * 60.0f;
/* The part that a new block has in the readings: about a third of a second. */
static const float reading_part = 0.012f;
static const float converged_erle_db = 20.0f;

uint32_t DSP_EXPORT(echo_canceller_size)(int tail_ms)
{
    return (uint32_t)sizeof(echo_canceller_t) + echo_filter_extra(tail_ms * (DSP_SAMPLE_RATE_HZ / 1000) / ECHO_BLOCK);
}

void DSP_EXPORT(echo_canceller_init)(echo_canceller_t *canceller, int tail_ms)
{
    memset(canceller, 0, sizeof *canceller);
    echo_filter_init(&canceller->filter, tail_ms * (DSP_SAMPLE_RATE_HZ / 1000) / ECHO_BLOCK, canceller + 1);
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
    canceller->far_power[lane] = canceller->near_power[lane] = canceller->residual_power[lane] = 0.0f;
    canceller->reading[lane] = (echo_reading_t){0};
    echo_filter_reset(&canceller->filter, lane);
}

static void measure(echo_canceller_t *canceller, const echo_block_t *block)
{
    lane_mask_t active = block->far_energy > lanes_splat(ECHO_BLOCK * active_power);
    lanes_t part = lanes_select(active, lanes_splat(reading_part), lanes_splat(0.0f)), scale = lanes_splat(1.0f / ECHO_BLOCK);
    canceller->far_power += (block->far_energy * scale - canceller->far_power) * part;
    canceller->near_power += (block->near_energy * scale - canceller->near_power) * part;
    canceller->residual_power += (block->error_energy * scale - canceller->residual_power) * part;
}

void DSP_EXPORT(echo_canceller_process)(echo_canceller_t *canceller, const int16_t *far, int far_stride, const int16_t *near, int near_stride, int16_t *out, int out_stride, int count)
{
    lanes_t far_block[ECHO_BLOCK], near_block[ECHO_BLOCK], pole = lanes_splat(blocker_pole);
    echo_block_t block;
    for (int from = 0; from + ECHO_BLOCK <= count; from += ECHO_BLOCK) {
        for (int i = 0; i < ECHO_BLOCK; i++) {
            lanes_t far_in = lanes_load(far, far_stride, from + i), near_in = lanes_load(near, near_stride, from + i);
            far_block[i] = canceller->far_out = far_in - canceller->far_in + pole * canceller->far_out;
            near_block[i] = canceller->near_out = near_in - canceller->near_in + pole * canceller->near_out;
            canceller->far_in = far_in;
            canceller->near_in = near_in;
        }
        echo_filter_step(&canceller->filter, far_block, near_block, canceller->adapt, &block);
        measure(canceller, &block);
        /* Never worse than nothing: an estimate that adds energy is not subtracted. */
        lane_mask_t harmful = canceller->filter.error_power > lanes_splat(1.5f) * canceller->filter.near_power;
        for (int i = 0; i < ECHO_BLOCK; i++) lanes_store(out, out_stride, from + i, lanes_select(harmful, near_block[i], block.error[i]));
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
    reading->erl_db = decibels(far, near);
    reading->erle_db = decibels(near, residual);
    reading->residual_dbm0 = decibels(residual, DSP_RMS_0_DBM0 * DSP_RMS_0_DBM0);
    reading->converged = reading->erle_db >= converged_erle_db;
    return reading;
}
