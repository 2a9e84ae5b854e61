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

typedef struct {
    float samples[PLC_HISTORY * PLC_LARGEST_RATE];
    int32_t count, correlated; /* in all; of the end */
} line_t;

/* What was heard, every `step`th sample, the last one among them. */
static void line_of(const plc_t *plc, int32_t step, line_t *line)
{
    int32_t history = history_of(plc);
    line->count = history / step;
    line->correlated = CORRELATED * plc->scale / step;
    for (int32_t i = 0; i < line->count; i++) line->samples[i] = plc->heard[history - 1 - (line->count - 1 - i) * step];
}

/* Normalized correlation of the last 20 ms with what was `lag` before. */
static float likeness(const line_t *line, int32_t lag)
{
    const float *last = line->samples + line->count - line->correlated;
    lanes_t products = {0}, energies = {0};
    for (int32_t i = 0; i < line->correlated; i += LANES) {
        lanes_t now, before; /* not through pointers: they are not aligned */
        __builtin_memcpy(&now, last + i, sizeof now);
        __builtin_memcpy(&before, last + i - lag, sizeof before);
        products += before * now;
        energies += before * before;
    }
    float energy = energies[0] + energies[1] + energies[2] + energies[3];
    return (products[0] + products[1] + products[2] + products[3]) / __builtin_sqrtf(energy > LEAST_ENERGY ? energy : LEAST_ENERGY);
}

static int32_t likeliest(const line_t *line, int32_t shortest, int32_t longest)
{
    int32_t found = longest;
    float best = likeness(line, longest);
    for (int32_t lag = shortest; lag < longest; lag++) {
        float like = likeness(line, lag);
        if (like > best) {
            best = like;
            found = lag;
        }
    }
    return found;
}

/* I.2.3: a coarse search on every second sample (at 8 kHz), a fine one around what it found. */
static int32_t pitch_of(const plc_t *plc)
{
    line_t line;
    int32_t step = 2 * plc->scale, shortest = PLC_PITCH_SHORTEST * plc->scale, longest = PLC_PITCH_LONGEST * plc->scale;
    line_of(plc, step, &line);
    int32_t coarse = likeliest(&line, shortest / step, longest / step) * step, first = coarse - step + 1;
    line_of(plc, 1, &line);
    return likeliest(&line, first < shortest ? shortest : first, at_most(coarse + step - 1, longest));
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
