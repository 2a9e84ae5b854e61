#include "tone_generator.h"

#include "dsp_math.h"

static const double edge_seconds = 0.0015;
static const double shortest_ms = 2.0;
static const double longest_ms = 3600000.0; /* so that 32 bits hold its samples at 48 kHz */
static const uint32_t for_ever = UINT32_MAX;
static const double turn = 4294967296.0;

uint32_t DSP_EXPORT(tone_generator_size)(void) { return sizeof(tone_generator_t); }

void DSP_EXPORT(tone_generator_init)(tone_generator_t *generator, int rate_hz)
{
    *generator = (tone_generator_t){.left = for_ever, .rate_hz = rate_hz, .edge = (uint32_t)((double)rate_hz * edge_seconds)};
}

static bool within(double value, double low, double high) { return value >= low && value <= high; }

/* Turns a sample, of a frequency within ± half the rate; below zero they wrap, as they should. */
static uint32_t step_of(double frequency_hz, double rate_hz)
{
    return (uint32_t)(int64_t)(frequency_hz / rate_hz * turn + (frequency_hz < 0 ? -0.5 : 0.5));
}

/* Amplitude 1 for each added frequency or the carrier; false when it cannot be played. */
static bool set_frequencies(tone_generator_voice_t *voice, const tone_generator_segment_t *segment, double rate_hz)
{
    double half = rate_hz / 2;
    int partials = 0;
    for (int i = 0; i < TONE_GENERATOR_PARTIALS; i++) {
        double frequency = (double)segment->frequency_hz[i];
        if (!within(frequency, 0, half)) return false;
        if (frequency == 0) continue;
        voice->step[partials] = step_of(frequency, rate_hz);
        voice->amplitude[partials++] = 1.0f;
    }
    double carrier = (double)segment->frequency_hz[0], modulation = (double)segment->modulation_hz;
    if (!within(modulation, 0, half) || !within((double)segment->modulation_depth, 0, 1)) return false;
    if (modulation > 0) {
        if (partials != 1 || carrier == 0 || carrier + modulation > half || segment->sweep_to_hz != 0) return false;
        voice->step[1] = step_of(carrier - modulation, rate_hz);
        voice->step[2] = step_of(carrier + modulation, rate_hz);
        voice->phase[1] = 0x40000000; /* a quarter of a turn: the cosine */
        voice->phase[2] = 0xc0000000;
        voice->amplitude[1] = voice->amplitude[2] = segment->modulation_depth / 2;
    }
    if (!within((double)segment->sweep_to_hz, 0, half)) return false;
    return segment->sweep_to_hz == 0 || (partials == 1 && carrier != 0);
}

/* Scales the partials to a level, or to the highest that fits; false when the level is out of range. */
static bool set_level(tone_generator_voice_t *voice, double level_dbm0)
{
    if (!within(level_dbm0, -90, 10)) return false;
    double power = 0, peak = 0;
    for (int i = 0; i < TONE_GENERATOR_PARTIALS; i++) {
        power += (double)voice->amplitude[i] * (double)voice->amplitude[i] / 2;
        peak += (double)voice->amplitude[i];
    }
    if (peak == 0) return true;
    double wanted = (double)DSP_RMS_0_DBM0 * dsp_amplitude(level_dbm0);
    double factor = wanted * dsp_exp2(-0.5 * dsp_log2(power));
    if (factor * peak > 32767) factor = 32767 / peak;
    voice->amplitude *= lanes_splat((float)factor);
    return true;
}

static bool set_duration(tone_generator_voice_t *voice, uint32_t *samples, const tone_generator_segment_t *segment, double rate_hz)
{
    double ms = (double)segment->duration_ms;
    *samples = for_ever;
    if (ms == 0) return segment->sweep_to_hz == 0;
    if (!within(ms, shortest_ms, longest_ms)) return false;
    *samples = (uint32_t)(ms * rate_hz / 1000 + 0.5);
    if (segment->sweep_to_hz != 0) {
        double way = (double)segment->sweep_to_hz - (double)segment->frequency_hz[0];
        voice->slope[0] = step_of(way / (double)*samples, rate_hz);
    }
    return true;
}

bool DSP_EXPORT(tone_generator_play)(tone_generator_t *generator, const tone_generator_segment_t *segments, int count, int repeat_from, float level_dbm0)
{
    double rate_hz = (double)generator->rate_hz;
    if (count < 1 || count > TONE_GENERATOR_SEGMENTS || repeat_from >= count) return false;
    tone_generator_voice_t voices[TONE_GENERATOR_SEGMENTS];
    uint32_t samples[TONE_GENERATOR_SEGMENTS];
    for (int i = 0; i < count; i++) {
        voices[i] = (tone_generator_voice_t){0};
        if (!set_frequencies(&voices[i], &segments[i], rate_hz)) return false;
        if (!set_level(&voices[i], (double)level_dbm0 + (double)segments[i].level_db)) return false;
        if (!set_duration(&voices[i], &samples[i], &segments[i], rate_hz)) return false;
    }
    for (int i = 0; i < count; i++) {
        generator->segments[i] = voices[i];
        generator->samples[i] = samples[i];
    }
    generator->count = count;
    generator->repeat_from = repeat_from;
    generator->next = 0;
    generator->left = 0;
    return true;
}

void DSP_EXPORT(tone_generator_stop)(tone_generator_t *generator)
{
    if (generator->count == 0) return;
    generator->count = generator->next = 0;
    generator->repeat_from = -1;
    generator->left = 0;
}

bool DSP_EXPORT(tone_generator_playing)(const tone_generator_t *generator)
{
    return generator->count > 0 || generator->left == 0 || generator->fade > 0;
}

static bool sounds(const tone_generator_voice_t *voice) { return lanes_any(voice->amplitude != lanes_splat(0)); }

static bool same_frequencies(const tone_generator_voice_t *a, const tone_generator_voice_t *b)
{
    return !lanes_any((a->step != b->step) | (a->slope != b->slope));
}

/* To the next segment, or to silence after the last. */
static void advance(tone_generator_t *generator)
{
    if (generator->next >= generator->count && generator->repeat_from >= 0) generator->next = generator->repeat_from;
    generator->fading = generator->voice;
    if (generator->next < generator->count) {
        generator->voice = generator->segments[generator->next];
        generator->left = generator->samples[generator->next++];
        // The same frequencies at another level go on in phase.
        if (same_frequencies(&generator->voice, &generator->fading)) generator->voice.phase = generator->fading.phase;
    } else {
        generator->voice = (tone_generator_voice_t){0};
        generator->count = generator->next = 0;
        generator->left = for_ever;
    }
    generator->fade = sounds(&generator->voice) || sounds(&generator->fading) ? generator->edge : 0;
}

/* The sine of turns by its series, within ± a quarter of one: error below 4e-6 (-108 dB). */
static inline lanes_t sine_of(tone_generator_turns_t phase)
{
    lane_mask_t beyond = (lane_mask_t)(phase ^ (phase << 1)) >> 31;
    tone_generator_turns_t mirrored = 0x80000000u - phase;
    lane_mask_t turns = ((lane_mask_t)mirrored & beyond) | ((lane_mask_t)phase & ~beyond);
    lanes_t x = __builtin_convertvector(turns, lanes_t) * lanes_splat((float)(2 * DSP_PI / turn));
    lanes_t square = x * x;
    lanes_t series = lanes_splat(1.0f / 362880) * square - lanes_splat(1.0f / 5040);
    series = series * square + lanes_splat(1.0f / 120);
    series = series * square - lanes_splat(1.0f / 6);
    return x + x * square * series;
}

static inline float next_of(tone_generator_voice_t *voice)
{
    lanes_t partials = voice->amplitude * sine_of(voice->phase);
    voice->phase += voice->step;
    voice->step += voice->slope;
    return (partials[0] + partials[1]) + (partials[2] + partials[3]);
}

/* The part of the new voice in an edge, 0 … 1 along 3t² - 2t³; the old one has the rest. */
static inline float next_in_edge(tone_generator_t *generator)
{
    float t = ((float)(generator->edge - generator->fade) + 0.5f) / (float)generator->edge;
    float rise = t * t * (3.0f - 2.0f * t);
    generator->fade--;
    float old = next_of(&generator->fading);
    return old + (next_of(&generator->voice) - old) * rise;
}

/* Samples until something changes, at most `count`. */
static int steady(const tone_generator_t *generator, int count)
{
    uint32_t most = (uint32_t)count;
    if (generator->left > 0 && generator->left < most) most = generator->left;
    if (generator->fade > 0 && generator->fade < most) most = generator->fade;
    return (int)most;
}

static int begin_run(tone_generator_t *generator, int count)
{
    if (generator->left == 0 && generator->fade == 0) advance(generator);
    int run = steady(generator, count);
    if (generator->left > 0 && generator->left != for_ever) generator->left -= (uint32_t)run;
    return run;
}

void DSP_EXPORT(tone_generator_write)(tone_generator_t *generator, int16_t *samples, int count)
{
    for (int at = 0; at < count;) {
        int end = at + begin_run(generator, count - at);
        if (generator->fade > 0) {
            for (; at < end; at++) samples[at] = dsp_to_sample(next_in_edge(generator));
        } else if (sounds(&generator->voice)) {
            for (; at < end; at++) samples[at] = dsp_to_sample(next_of(&generator->voice));
        } else {
            for (; at < end; at++) samples[at] = 0;
        }
    }
}

void DSP_EXPORT(tone_generator_add)(tone_generator_t *generator, int16_t *samples, int count)
{
    for (int at = 0; at < count;) {
        int end = at + begin_run(generator, count - at);
        if (generator->fade > 0) {
            for (; at < end; at++) samples[at] = dsp_to_sample((float)samples[at] + next_in_edge(generator));
        } else if (sounds(&generator->voice)) {
            for (; at < end; at++) samples[at] = dsp_to_sample((float)samples[at] + next_of(&generator->voice));
        }
        at = end;
    }
}
