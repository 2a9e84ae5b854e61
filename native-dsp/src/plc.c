#include "plc.h"

/* I.2.3: correlated is the last 20 ms. */
#define CORRELATED 160
/* Below this energy of 20 ms a period is as good as any other; keeps silence from being divided by. */
#define LEAST_ENERGY 250.0f
/* I.2.6: a fifth of the amplitude every 10 ms after the first. */
#define FADE_SAMPLES (5 * PLC_FRAME)
/* I.2.7: the seam at the end grows by 4 ms for every further 10 ms, up to 10 ms. */
#define SEAM_GROWTH 32
/* I.2.5: at most three periods are repeated. */
#define MOST_REPEATED 3

uint32_t DSP_EXPORT(plc_size)(void) { return sizeof(plc_t); }

void DSP_EXPORT(plc_init)(plc_t *plc, int rate_hz)
{
    memset(plc, 0, sizeof *plc);
    plc->scale = rate_hz >= 16000 ? 2 : 1;
}

static inline int32_t history_of(const plc_t *plc) { return PLC_HISTORY * plc->scale; }
static inline int32_t at_most(int32_t value, int32_t most) { return value < most ? value : most; }
/* I.2.4: overlapped is a quarter of a period. */
static inline int32_t seam_of(const plc_t *plc) { return plc->pitch / 4; }

/* `part` of `whole` towards the second, in a straight line. */
static inline int16_t blended(int16_t first, int16_t second, int32_t part, int32_t whole)
{
    float share = (float)part / (float)whole;
    return dsp_to_sample((float)first * (1.0f - share) + (float)second * share);
}

/* Normalized correlation of the last 20 ms with what was `lag` before; every `step`th sample. */
static float likeness(const plc_t *plc, int32_t lag, int32_t step)
{
    int32_t count = CORRELATED * plc->scale;
    const int16_t *last = plc->heard + history_of(plc) - count;
    float product = 0.0f, energy = 0.0f;
    for (int32_t i = 0; i < count; i += step) {
        float before = last[i - lag];
        product += before * (float)last[i];
        energy += before * before;
    }
    return product / __builtin_sqrtf(energy > LEAST_ENERGY ? energy : LEAST_ENERGY);
}

/* I.2.3: a coarse search on every second sample (at 8 kHz), a fine one around what it found. */
static int32_t pitch_of(const plc_t *plc)
{
    int32_t step = 2 * plc->scale, shortest = PLC_PITCH_SHORTEST * plc->scale, longest = PLC_PITCH_LONGEST * plc->scale;
    int32_t coarse = longest;
    float best = likeness(plc, longest, step);
    for (int32_t lag = shortest; lag < longest; lag += step) {
        float like = likeness(plc, lag, step);
        if (like > best) {
            best = like;
            coarse = lag;
        }
    }
    int32_t fine = coarse, first = coarse - step + 1, last = at_most(coarse + step - 1, longest);
    best = likeness(plc, coarse, 1);
    for (int32_t lag = first < shortest ? shortest : first; lag <= last; lag++) {
        float like = likeness(plc, lag, 1);
        if (like > best) {
            best = like;
            fine = lag;
        }
    }
    return fine;
}

/* The end of the repeated part is blended into what came before its beginning, so that it can go on with the beginning. */
static int16_t repeated(const plc_t *plc, plc_walk_t walk)
{
    int32_t seam = seam_of(plc), length = walk.periods * plc->pitch, in_seam = walk.position - (length - seam);
    const int16_t *at = plc->before + history_of(plc) - length + walk.position;
    return in_seam < 0 ? *at : blended(*at, at[-length], in_seam + 1, seam + 1);
}

static inline void step(const plc_t *plc, plc_walk_t *walk)
{
    walk->position = walk->position + 1 < walk->periods * plc->pitch ? walk->position + 1 : 0;
}

/* I.2.5: another period is taken in every 10 ms, before those there are; it begins at the same place of a period. */
static void take_in_another(plc_t *plc)
{
    plc->last = plc->walk;
    plc->walk = (plc_walk_t){.periods = plc->walk.periods + 1, .position = plc->walk.position % plc->pitch};
    plc->overlapping = seam_of(plc);
}

static inline float fade_of(const plc_t *plc)
{
    int32_t faded = plc->lost - PLC_FRAME * plc->scale, whole = FADE_SAMPLES * plc->scale;
    return faded <= 0 ? 1.0f : faded >= whole ? 0.0f : 1.0f - (float)faded / (float)whole;
}

static int16_t substituted(plc_t *plc)
{
    int32_t frame = PLC_FRAME * plc->scale, seam = seam_of(plc);
    if (plc->lost > 0 && plc->lost % frame == 0 && plc->walk.periods < MOST_REPEATED) take_in_another(plc);
    float fade = fade_of(plc);
    int16_t sample = repeated(plc, plc->walk);
    step(plc, &plc->walk);
    if (plc->overlapping > 0) {
        sample = blended(repeated(plc, plc->last), sample, seam + 1 - plc->overlapping--, seam + 1);
        step(plc, &plc->last);
    }
    /* Long gaps are silent; the count stays where the silence began. */
    if (plc->lost < MOST_REPEATED * 2 * frame) plc->lost++;
    return dsp_to_sample((float)sample * fade);
}

static void begin_gap(plc_t *plc)
{
    int32_t history = history_of(plc);
    plc->pitch = pitch_of(plc);
    plc->walk = (plc_walk_t){.periods = 1, .position = 0};
    plc->overlapping = 0;
    memcpy(plc->before, plc->heard, (size_t)history * sizeof *plc->heard);
    /* I.2.4: the last quarter of a period still waits to be put out, and is blended into the substitution. */
    for (int32_t i = plc->pitch - seam_of(plc); i < plc->pitch; i++) {
        plc->heard[history - plc->pitch + i] = repeated(plc, (plc_walk_t){.periods = 1, .position = i});
    }
}

/* I.2.7: the substitution goes on into what came, and fades out. */
static void end_gap(plc_t *plc, int16_t *samples, int32_t count)
{
    int32_t frame = PLC_FRAME * plc->scale, more = (plc->lost - 1) / frame;
    int32_t seam = at_most(at_most(seam_of(plc) + SEAM_GROWTH * plc->scale * more, frame), count);
    for (int32_t i = 0; i < seam; i++) samples[i] = blended(substituted(plc), samples[i], i + 1, seam + 1);
    plc->lost = 0;
}

/* The signal goes on with these samples, and what is 3.75 ms older than they replaces them. */
static void delay(plc_t *plc, int16_t *samples, int32_t count)
{
    int32_t history = history_of(plc);
    memmove(plc->heard, plc->heard + count, (size_t)(history - count) * sizeof *samples);
    memcpy(plc->heard + history - count, samples, (size_t)count * sizeof *samples);
    memcpy(samples, plc->heard + history - PLC_DELAY * plc->scale - count, (size_t)count * sizeof *samples);
}

void DSP_EXPORT(plc_received)(plc_t *plc, int16_t *samples, int count)
{
    int32_t frame = PLC_FRAME * plc->scale;
    if (plc->lost > 0 && count > 0) end_gap(plc, samples, count);
    for (int32_t at = 0; at < count; at += frame) delay(plc, samples + at, at_most(frame, count - at));
}

void DSP_EXPORT(plc_missing)(plc_t *plc, int16_t *samples, int count)
{
    int32_t frame = PLC_FRAME * plc->scale;
    if (plc->lost == 0 && count > 0) begin_gap(plc);
    for (int32_t i = 0; i < count; i++) samples[i] = substituted(plc);
    for (int32_t at = 0; at < count; at += frame) delay(plc, samples + at, at_most(frame, count - at));
    plc->concealed += (uint32_t)(count > 0 ? count : 0);
}

uint32_t DSP_EXPORT(plc_concealed)(const plc_t *plc) { return plc->concealed; }
