#include "tone_analyzer.h"

#include "dsp_math.h"

/* Pole of the DC blocker: -3 dB at 31 Hz. */
static const float blocker_pole = 0.976f;
/* Below -50 dBm0 nothing is a tone that a line gives (E.180/Q.35 2: around -10 dBm0 at the exchange, less the losses of the way). */
static const float quiet = 1.0e-5f;
/* A component 17 dB below the strongest is noise, distortion, or a window's sidelobe. */
static const float faint = 0.02f;
enum { FIRST_BIN = 15, END_BIN = 449, PEAK_REACH = 3, STRETCH = 16, STRETCHES = TONE_BINS / STRETCH };

uint32_t DSP_EXPORT(tone_analyzer_size)(void) { return sizeof(tone_analyzer_t); }

void DSP_EXPORT(tone_analyzer_init)(tone_analyzer_t *analyzer, uint32_t group)
{
    memset(analyzer, 0, sizeof *analyzer);
    analyzer->next_frame = group % 2 ? TONE_HOP / 2 : TONE_HOP;
}

void DSP_EXPORT(tone_analyzer_reset)(tone_analyzer_t *analyzer, int lane)
{
    for (int n = 0; n < TONE_WINDOW; n++) analyzer->ring[n][lane] = 0;
    analyzer->last[lane] = analyzer->level[lane] = analyzer->energy[lane] = analyzer->loudest[lane] = 0.0f;
    memset(&analyzer->frame[lane], 0, sizeof analyzer->frame[lane]);
    memset(analyzer->block[lane], 0, sizeof analyzer->block[lane]);
}

/* The bins of a lane are LANES floats apart. */
static inline float *bin_of(tone_spectrum_t *spectrum, int lane, int bin) { return (float *)&spectrum->power[bin] + lane; }

/* Frequency by the two largest bins: exact for a steady sine under a Hann window. */
static float frequency_at(tone_spectrum_t *spectrum, int lane, int bin)
{
    float below = *bin_of(spectrum, lane, bin - 1), above = *bin_of(spectrum, lane, bin + 1), centre = *bin_of(spectrum, lane, bin);
    float side = __builtin_sqrtf((above > below ? above : below) / centre);
    float off = (2.0f * side - 1.0f) / (side + 1.0f);
    return ((float)bin + (above > below ? off : -off)) * TONE_BIN_HZ;
}

/* Sums the component around `bin` and takes it out of the spectrum, down to the valley on each side. */
static float take_component(tone_spectrum_t *spectrum, int lane, int bin)
{
    float sum = *bin_of(spectrum, lane, bin);
    for (int side = -1; side <= 1; side += 2) {
        float before = *bin_of(spectrum, lane, bin);
        for (int n = 1; n <= PEAK_REACH; n++) {
            float *power = bin_of(spectrum, lane, bin + side * n);
            if (*power > before) break;
            before = *power;
            sum += before;
            *power = 0.0f;
        }
    }
    *bin_of(spectrum, lane, bin) = 0.0f;
    return sum;
}

static void find_components(tone_frame_t *frame, tone_spectrum_t *spectrum, int lane, lanes_t loudest_of[STRETCHES])
{
    float first = 0.0f;
    int count = 0;
    while (count < TONE_PEAKS) {
        int stretch = 0;
        for (int s = 1; s < STRETCHES; s++) {
            if (loudest_of[s][lane] > loudest_of[stretch][lane]) stretch = s;
        }
        float loudest = loudest_of[stretch][lane];
        if (loudest <= first * faint) break;
        int bin = stretch * STRETCH;
        while (*bin_of(spectrum, lane, bin) != loudest) bin++;

        float frequency_hz = frequency_at(spectrum, lane, bin);
        frame->frequency_hz[count] = frequency_hz;
        frame->power[count] = take_component(spectrum, lane, bin);
        if (count++ == 0) first = loudest;

        for (int s = (bin - PEAK_REACH) / STRETCH; s <= (bin + PEAK_REACH) / STRETCH; s++) {
            float left = 0.0f;
            for (int n = s * STRETCH; n < (s + 1) * STRETCH; n++) {
                float power = *bin_of(spectrum, lane, n);
                if (power > left) left = power;
            }
            loudest_of[s][lane] = left;
        }
    }
    frame->count = (float)count;
}

static void take_frame(tone_analyzer_t *analyzer, tone_spectrum_t *spectrum)
{
    lanes_t total = lanes_splat(0.0f), loudest_of[STRETCHES];
    memset(analyzer->frame, 0, sizeof analyzer->frame);
    bool silent = !lanes_any(analyzer->loudest > lanes_splat(quiet));
    analyzer->loudest = lanes_splat(0.0f);
    if (silent) return;

    tone_spectrum_take(spectrum, analyzer->ring, analyzer->at);
    for (int n = 0; n < FIRST_BIN; n++) spectrum->power[n] = lanes_splat(0.0f);
    for (int n = END_BIN; n < TONE_BINS; n++) spectrum->power[n] = lanes_splat(0.0f);
    for (int s = 0; s < STRETCHES; s++) {
        lanes_t most = lanes_splat(0.0f);
        for (int n = s * STRETCH; n < (s + 1) * STRETCH; n++) {
            total += spectrum->power[n];
            most = lanes_max(most, spectrum->power[n]);
        }
        loudest_of[s] = most;
    }
    for (int lane = 0; lane < LANES; lane++) {
        analyzer->frame[lane].total = total[lane];
        if (total[lane] > quiet) find_components(&analyzer->frame[lane], spectrum, lane, loudest_of);
    }
}

static void end_block(tone_analyzer_t *analyzer)
{
    lanes_t power = analyzer->energy * lanes_splat(1.0f / (TONE_BLOCK * DSP_RMS_0_DBM0 * DSP_RMS_0_DBM0));
    for (int lane = 0; lane < LANES; lane++) analyzer->block[lane][analyzer->blocks] = power[lane];
    analyzer->blocks++;
    analyzer->loudest = lanes_max(analyzer->loudest, power);
    analyzer->energy = lanes_splat(0.0f);
    analyzer->filled = 0;
}

void DSP_EXPORT(tone_analyzer_process)(tone_analyzer_t *analyzer, tone_spectrum_t *spectrum, const int16_t *samples, int stride, int count)
{
    analyzer->blocks = analyzer->frames = analyzer->frame_end = 0;
    if (count > TONE_MOST_SAMPLES) count = TONE_MOST_SAMPLES;
    for (int i = 0; i < count;) {
        /* To the end of the block, of the hop, or of the call. */
        uint32_t run = TONE_BLOCK - analyzer->filled, to_frame = analyzer->next_frame - analyzer->at;
        if (run > to_frame) run = to_frame;
        if (run > (uint32_t)(count - i)) run = (uint32_t)(count - i);
        lanes_t last = analyzer->last, level = analyzer->level, energy = analyzer->energy;
        for (uint32_t n = 0; n < run; n++, i++) {
            const int16_t *at = samples + i;
            lanes_t sample = {(float)at[0], (float)at[stride], (float)at[2 * stride], (float)at[3 * stride]};
            level = level * lanes_splat(blocker_pole) + (sample - last);
            last = sample;
            energy += level * level;
            lane_mask_t kept = __builtin_convertvector(level * lanes_splat(TONE_RING_SCALE), lane_mask_t);
            analyzer->ring[(analyzer->at + n) & (TONE_WINDOW - 1)] = __builtin_convertvector(kept, samples4_t);
        }
        analyzer->last = last;
        analyzer->level = level;
        analyzer->energy = energy;
        analyzer->at += run;
        analyzer->filled += run;
        if (analyzer->filled == TONE_BLOCK) end_block(analyzer);
        if (analyzer->at == analyzer->next_frame) {
            take_frame(analyzer, spectrum);
            analyzer->next_frame += TONE_HOP;
            analyzer->frames = 1;
            analyzer->frame_end = (uint32_t)(count - i);
        }
    }
}

const float *DSP_EXPORT(tone_analyzer_blocks)(const tone_analyzer_t *analyzer, int lane) { return analyzer->block[lane]; }
const tone_frame_t *DSP_EXPORT(tone_analyzer_frame)(const tone_analyzer_t *analyzer, int lane) { return &analyzer->frame[lane]; }
const uint32_t *DSP_EXPORT(tone_analyzer_counts)(const tone_analyzer_t *analyzer) { return &analyzer->blocks; }
