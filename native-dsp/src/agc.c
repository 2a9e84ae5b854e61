#include "agc.h"

#include "dsp_math.h"

/* Blocks of 20 ms a second. */
static const float blocks = 50.0f;
/* Speech is what is that much above the noise, and not below −50 dBm0 (the weakest talkers of ITU-T P.56 surveys). */
static const float above_floor_db = 9.0f;
static const float weakest_dbm0 = -50.0f;
/*
 * The floor falls at once and rises after one or two windows of 0.6 s without a dip: what is steady for so long is noise, or a tone.
 * Never above the loudest line noise.
 */
static const int32_t window_blocks = 30;
static const float floor_highest_dbm0 = -30.0f;
static const float floor_unknown = 100.0f;
/* The part of a block in the level of speech: syllables and short pauses are levelled out over half a second. */
static const float level_slide = 0.04f;
/* As the mixer's: where the knee begins and ends, 16-bit linear samples; 0.1 s of release. */
static const float knee = 20000.0f;
static const float ceiling = 32700.0f;
static const float release = 0.99875f;

static float between(float value, float least, float most)
{
    if (!(value > least)) return least; /* a NaN too */
    return value < most ? value : most;
}

uint32_t DSP_EXPORT(agc_size)(void) { return sizeof(agc_t); }

void DSP_EXPORT(agc_reset)(agc_t *agc, int lane)
{
    agc->lanes[lane] = (agc_lane_t){.floor_db = floor_unknown, .next_floor_db = floor_unknown};
    agc->factor[lane] = 1.0f;
    agc->envelope[lane] = 0.0f;
}

void DSP_EXPORT(agc_init)(agc_t *agc)
{
    for (int lane = 0; lane < LANES; lane++) agc_reset(agc, lane);
}

void DSP_EXPORT(agc_enable)(agc_t *agc, int lane, float target_dbm0, float most_gain_db, float most_loss_db, float attack, float release_rate)
{
    agc_lane_t *at = &agc->lanes[lane];
    at->target_dbm0 = between(target_dbm0, -30.0f, -6.0f);
    at->most_gain_db = between(most_gain_db, 0.0f, 30.0f);
    at->most_loss_db = between(most_loss_db, 0.0f, 30.0f);
    at->attack_db = between(attack, 0.1f, 1000.0f) / blocks;
    at->release_db = between(release_rate, 0.1f, 1000.0f) / blocks;
    at->on = 1;
}

void DSP_EXPORT(agc_disable)(agc_t *agc, int lane)
{
    agc->lanes[lane].on = 0;
    agc->lanes[lane].gain_db = 0.0f;
}

/* The gain at the end of a block, from the mean square of its samples. */
static float decide(agc_lane_t *at, float square)
{
    const float reference = DSP_RMS_0_DBM0 * DSP_RMS_0_DBM0;
    float db = square < reference * 1e-9f ? -90.0f : (float)(0.5 * dsp_decibels((double)(square / reference)));
    if (db < at->floor_db) at->floor_db = db;
    if (db < at->next_floor_db) at->next_floor_db = db;
    if (++at->window >= window_blocks) {
        at->floor_db = at->next_floor_db;
        at->next_floor_db = floor_unknown;
        at->window = 0;
    }
    float floor = at->floor_db < floor_highest_dbm0 ? at->floor_db : floor_highest_dbm0;
    if (db < floor + above_floor_db || db < weakest_dbm0) return at->gain_db;

    at->level = at->level == 0.0f ? square : at->level + (square - at->level) * level_slide;
    float wanted = at->target_dbm0 - (float)(0.5 * dsp_decibels((double)(at->level / reference)));
    wanted = between(wanted, -at->most_loss_db, at->most_gain_db);
    at->gain_db = between(wanted, at->gain_db - at->attack_db, at->gain_db + at->release_db);
    return at->gain_db;
}

void DSP_EXPORT(agc_process)(agc_t *agc, int16_t *samples, int stride, int count)
{
    lanes_t square = {0}, peak = {0}, target = lanes_splat(1.0f);
    lane_mask_t on = {agc->lanes[0].on ? -1 : 0, agc->lanes[1].on ? -1 : 0, agc->lanes[2].on ? -1 : 0, agc->lanes[3].on ? -1 : 0};
    if (count <= 0) return;
    /* Nothing to do, and nothing on its way back. */
    if (!lanes_any(on | (agc->factor != lanes_splat(1.0f)))) return;
    for (int i = 0; i < count; i++) {
        lanes_t value = lanes_load(samples, stride, i);
        square += value * value;
        peak = lanes_max(peak, lanes_abs(value));
    }
    for (int lane = 0; lane < LANES; lane++) {
        if (on[lane]) target[lane] = (float)dsp_amplitude((double)decide(&agc->lanes[lane], square[lane] / (float)count));
    }
    lanes_t factor = agc->factor, step = (target - factor) * lanes_splat(1.0f / (float)count), envelope = agc->envelope;
    lane_mask_t loud = (peak * lanes_max(factor, target) > lanes_splat(knee)) | (envelope > lanes_splat(knee));
    if (lanes_any(loud & on)) {
        const lanes_t span = lanes_splat(ceiling - knee);
        for (int i = 0; i < count; i++) {
            factor += step;
            lanes_t value = lanes_load(samples, stride, i) * factor;
            envelope = lanes_max(lanes_abs(value), envelope * lanes_splat(release));
            /* knee + span · excess / (excess + span): slope 1 at the knee, never more than the ceiling. */
            lanes_t excess = lanes_max(envelope - lanes_splat(knee), (lanes_t){0});
            lanes_t limited = value * (lanes_splat(knee) + span * excess / (excess + span)) / lanes_max(envelope, lanes_splat(knee));
            lanes_store(samples, stride, i, lanes_select(on & (excess > (lanes_t){0}), limited, value));
        }
    } else {
        for (int i = 0; i < count; i++) {
            factor += step;
            lanes_store(samples, stride, i, lanes_load(samples, stride, i) * factor);
        }
        envelope = (lanes_t){0};
    }
    agc->factor = target; /* exactly: a channel that is off passes bit-exactly again */
    agc->envelope = envelope;
}

float DSP_EXPORT(agc_gain_db)(const agc_t *agc, int lane) { return agc->lanes[lane].gain_db; }
