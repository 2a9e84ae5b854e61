#include "hum_verdict.h"

#include "dsp_math.h"

static const float enough_pairs = 8.0f;
/* A block of no more than so much energy to the least is quiet; the least is of the last 4 to 8 s. */
static const float quiet_ratio = 2.5f;
static const int32_t window_blocks = 40;
/* Energy of a block in which only the last bit moves: always quiet. */
static const float silent = 200.0f * 16.0f * 16.0f * 4.0f;
static const float energy_unknown = 1e20f;

/* (1 − tan(πB/fs)) / (1 + tan(πB/fs)) for B = 4 Hz. */
static const float notch_width = 0.99686334f;
static const float fade = 1.0f / 800.0f;
/* A fifth of a second: 0.8 Hz. */
static const float offset_slide = 1.0f / 1600.0f;

uint32_t DSP_EXPORT(hum_filter_size)(void) { return sizeof(hum_filter_t); }

void DSP_EXPORT(hum_filter_reset)(hum_filter_t *hum, int lane)
{
    hum->rising[lane] = hum->carried[lane] = hum->falling[lane] = hum->offset_sum[lane] = 0.0f;
    for (int b = 0; b < HUM_BINS; b++) {
        hum->now[b].re[lane] = hum->now[b].im[lane] = hum->before[b].re[lane] = hum->before[b].im[lane] = 0.0f;
        hum->turn[b].re[lane] = hum->turn[b].im[lane] = hum->power[b][lane] = 0.0f;
    }
    hum->sum[lane] = hum->square[lane] = hum->pairs[lane] = 0.0f;
    hum->least[lane] = hum->next_least[lane] = energy_unknown;
    hum->quiet[lane] = 0;
    for (int h = 0; h < HUM_HARMONICS; h++) {
        hum_notch_t *notch = &hum->notches[h];
        notch->mirrored[lane] = notch->share[lane] = notch->wanted[lane] = notch->first[lane] = notch->second[lane] = 0.0f;
    }
    hum->offset[lane] = hum->offset_share[lane] = hum->offset_wanted[lane] = 0.0f;
    hum->off_nominal[lane] = hum->offset_evidence[lane] = hum->readings[lane].offset = 0.0f;
    hum->removing[lane] = 1;
    hum_verdict_clear(hum, lane);
}

void DSP_EXPORT(hum_filter_init)(hum_filter_t *hum)
{
    *hum = (hum_filter_t){0};
    for (int i = 0; i < 200; i++) hum->cosine[i] = (float)dsp_cos(2.0 * DSP_PI * i / 200.0);
    for (int lane = 0; lane < LANES; lane++) hum_filter_reset(hum, lane);
}

void DSP_EXPORT(hum_filter_remove)(hum_filter_t *hum, int lane, int on)
{
    hum->removing[lane] = on;
    if (on) return; /* the next verdict begins */
    for (int h = 0; h < HUM_HARMONICS; h++) hum->notches[h].wanted[lane] = 0.0f;
    hum->offset_wanted[lane] = 0.0f;
}

void DSP_EXPORT(hum_filter_read)(const hum_filter_t *hum, int lane, hum_reading_t *reading) { *reading = hum->readings[lane]; }

/* Which lanes were quiet in this block. */
static lane_mask_t listen(hum_filter_t *hum)
{
    lanes_t energy = hum->square - hum->sum * hum->sum * lanes_splat(1.0f / (float)HUM_BLOCK_SAMPLES);
    hum->sum = hum->square = (lanes_t){0};
    hum->least = lanes_min(hum->least, energy);
    hum->next_least = lanes_min(hum->next_least, energy);
    if (++hum->window >= window_blocks) {
        hum->window = 0;
        hum->least = hum->next_least;
        hum->next_least = lanes_splat(energy_unknown);
    }
    return energy <= lanes_max(hum->least * lanes_splat(quiet_ratio), lanes_splat(silent));
}

static void end_block(hum_filter_t *hum)
{
    lane_mask_t quiet = listen(hum);
    lanes_t pair = lanes_select(quiet & hum->quiet, lanes_splat(1.0f), (lanes_t){0});
    hum->quiet = quiet;
    hum->pairs += pair;
    for (int b = 0; b < HUM_BINS; b++) {
        hum_phasor_t now = hum->now[b], before = hum->before[b];
        hum->turn[b].re += (now.re * before.re + now.im * before.im) * pair;
        hum->turn[b].im += (now.im * before.re - now.re * before.im) * pair;
        hum->power[b] += (now.re * now.re + now.im * now.im) * pair;
        hum->before[b] = now;
        hum->now[b] = (hum_phasor_t){0};
    }
    hum->sample = 0;
    if (++hum->block < HUM_SECOND_BLOCKS) return;
    hum->block = 0;
    for (int lane = 0; lane < LANES; lane++) {
        hum_verdict_offset(hum, lane);
        if (hum->pairs[lane] >= enough_pairs) {
            hum_verdict_judge(hum, lane);
            hum->pairs[lane] = 0.0f;
            for (int b = 0; b < HUM_BINS; b++) hum->turn[b].re[lane] = hum->turn[b].im[lane] = hum->power[b][lane] = 0.0f;
        }
        float removed = hum->offset_wanted[lane] > 0.0f ? 256.0f : 0.0f;
        for (int h = 0; h < HUM_HARMONICS; h++) removed += hum->notches[h].wanted[lane] > 0.0f ? (float)(1 << h) : 0.0f;
        hum->readings[lane].removed = removed;
    }
    hum->offset_sum = (lanes_t){0};
}

static void measure(hum_filter_t *hum, lanes_t sample)
{
    hum->rising += sample * lanes_splat((float)(hum->phase + 1));
    hum->falling += sample * lanes_splat((float)(3 - hum->phase));
    if (++hum->phase < 4) return;
    lanes_t value = hum->carried + hum->falling;
    hum->carried = hum->rising;
    hum->rising = hum->falling = (lanes_t){0};
    hum->phase = 0;

    hum->offset_sum += value;
    hum->sum += value;
    hum->square += value * value;
    for (int b = 0; b < HUM_BINS; b++) {
        int at = hum->sample * hum_bins[b] % 200;
        hum->now[b].re += value * lanes_splat(hum->cosine[at]);
        hum->now[b].im -= value * lanes_splat(hum->cosine[at < 50 ? at + 150 : at - 50]);
    }
    if (++hum->sample == HUM_BLOCK_SAMPLES) end_block(hum);
}

static lanes_t towards(lanes_t share, lanes_t wanted)
{
    return share + lanes_max(lanes_splat(-fade), lanes_min(lanes_splat(fade), wanted - share));
}

/* A notch is half the sum of its input and of an allpass of it, a lattice that stays stable however its frequency is moved. */
static lanes_t notch_step(hum_notch_t *notch, lanes_t sample)
{
    lanes_t outer = sample - lanes_splat(notch_width) * notch->second;
    lanes_t allpass = notch->second + lanes_splat(notch_width) * outer;
    lanes_t inner = outer - notch->mirrored * notch->first;
    notch->second = notch->first + notch->mirrored * inner;
    notch->first = inner;
    notch->share = towards(notch->share, notch->wanted);
    return sample + notch->share * (allpass - sample) * lanes_splat(0.5f);
}

void DSP_EXPORT(hum_filter_process)(hum_filter_t *hum, int16_t *samples, int stride, int count)
{
    hum_notch_t *busy[HUM_HARMONICS];
    int notches = 0;
    lane_mask_t touched = (hum->offset_share > (lanes_t){0}) | (hum->offset_wanted > (lanes_t){0});
    for (int h = 0; h < HUM_HARMONICS; h++) {
        hum_notch_t *notch = &hum->notches[h];
        lane_mask_t here = (notch->share > (lanes_t){0}) | (notch->wanted > (lanes_t){0});
        touched |= here;
        notch->first = lanes_select(here, notch->first, (lanes_t){0});
        notch->second = lanes_select(here, notch->second, (lanes_t){0});
        if (lanes_any(here)) busy[notches++] = notch;
    }
    bool any = lanes_any(touched);
    for (int i = 0; i < count; i++) {
        lanes_t sample = lanes_load(samples, stride, i), value = sample;
        measure(hum, sample);
        hum->offset += (sample - hum->offset) * lanes_splat(offset_slide);
        if (!any) continue;
        hum->offset_share = towards(hum->offset_share, hum->offset_wanted);
        value -= hum->offset * hum->offset_share;
        for (int n = 0; n < notches; n++) value = notch_step(busy[n], value);
        lanes_store(samples, stride, i, lanes_select(touched, value, sample));
    }
    /* What fades towards zero would become numbers too small to be normal, which are slow. */
    hum->offset = lanes_select(lanes_abs(hum->offset) < lanes_splat(1e-6f), (lanes_t){0}, hum->offset);
    for (int n = 0; n < notches; n++) {
        busy[n]->first = lanes_select(lanes_abs(busy[n]->first) < lanes_splat(1e-6f), (lanes_t){0}, busy[n]->first);
        busy[n]->second = lanes_select(lanes_abs(busy[n]->second) < lanes_splat(1e-6f), (lanes_t){0}, busy[n]->second);
    }
}
