#include "alert_tone.h"

#define BLOCK QUADRATURE_BLOCK
#define BLOCK_MS 5

static const double low_hz = 2130.0, high_hz = 2750.0;
/* Each tone, as mean square: -42 dBm0. TIA-777 asks for -32 dBm off-hook, EN 300 659-1 for -38 dBm on-hook. */
static const float least_power = 16438.7f;
/* 6 dB of twist, and 3 dB for the edges of speech and of blocks: as a ratio of powers. */
static const float most_twist = 7.94f;
/* Of the energy (after the filter that takes the low end of speech away) that must lie at the two tones. */
static const float least_share = 0.7f;
static const int bridged = 1; /* blocks */
/* From 75 ms to 110 ms by both standards, and a block of uncertainty on each side. */
static const float least_ms = 67.0f, most_ms = 118.0f;
/* 0.5 % of frequency by both standards; 1 % is accepted: tan(2π · 25 Hz · 5 ms). */
static const float tangent = 1.0f;
static const float least_coherence = 0.9f;

static void follow(alert_tone_t *a, int lane, phasor_t low, phasor_t high, bool heard, float low_power, float high_power, float amplitude);

uint32_t DSP_EXPORT(alert_tone_size)(void) { return sizeof(alert_tone_t); }

/* Power that a tone of mean square 1 has in a block after the filter: 800 times the filter's |H|². */
static float gain_at(double frequency_hz)
{
    double sine = dsp_sin(DSP_PI * frequency_hz / DSP_SAMPLE_RATE_HZ);
    double gain = 4.0 * sine * sine;
    return (float)(800.0 * gain * gain);
}

void DSP_EXPORT(alert_tone_init)(alert_tone_t *a)
{
    memset(a, 0, sizeof *a);
    quadrature_tone(&a->low, low_hz);
    quadrature_tone(&a->high, high_hz);
    a->low_gain = gain_at(low_hz);
    a->high_gain = gain_at(high_hz);
}

void DSP_EXPORT(alert_tone_reset)(alert_tone_t *a, int lane)
{
    a->track[lane] = (alert_tone_track_t){0};
    a->before[0][lane] = a->before[1][lane] = a->amplitude[lane] = 0.0f;
    a->reset_at[lane] = a->now;
    a->told[lane] = false;
}

uint32_t DSP_EXPORT(alert_tone_push)(alert_tone_t *a, const int16_t *samples, int stride, int count)
{
    lanes_t one = a->before[0], two = a->before[1];
    for (int from = 0; from + BLOCK <= count; from += BLOCK) {
        quadrature_t low = {0}, high = {0};
        lanes_t energy = {0};
        for (int k = 0; k < QUADRATURE_PARTS; k++) {
            lanes_t y[QUADRATURE_PART];
            for (int i = 0; i < QUADRATURE_PART; i++) {
                /* Second difference: speech has its power below 1 kHz, where this is 12 dB and more down. */
                lanes_t x = lanes_load(samples, stride, from + k * QUADRATURE_PART + i);
                y[i] = x - one - one + two;
                two = one;
                one = x;
                energy += y[i] * y[i];
            }
            quadrature_part_t part = quadrature_part(y);
            quadrature_add(&low, &a->low, quadrature_of_part(&a->low, &part), k);
            quadrature_add(&high, &a->high, quadrature_of_part(&a->high, &part), k);
        }
        a->now += BLOCK;
        lanes_t low_power = quadrature_power(low), high_power = quadrature_power(high);
        lanes_t needed = energy * lanes_splat(least_share * 800.0f / (float)BLOCK);
        lanes_t low_level = low_power / lanes_splat(a->low_gain), high_level = high_power / lanes_splat(a->high_gain);
        lane_mask_t heard = (low_power + high_power > needed) & (lanes_min(low_level, high_level) > lanes_splat(least_power)) &
                            (low_level < high_level * lanes_splat(most_twist)) & (high_level < low_level * lanes_splat(most_twist));
        lanes_t amplitude = lanes_sqrt(low_level) + lanes_sqrt(high_level);
        for (int lane = 0; lane < LANES; lane++) {
            if (!heard[lane] && a->track[lane].blocks == 0) continue;
            follow(a, lane, quadrature_lane(&low, lane), quadrature_lane(&high, lane), heard[lane], low_level[lane], high_level[lane], amplitude[lane]);
        }
        a->amplitude = amplitude;
    }
    a->before[0] = one;
    a->before[1] = two;
    uint32_t waiting = 0;
    for (int lane = 0; lane < LANES; lane++) waiting |= (uint32_t)a->told[lane] << lane;
    return waiting;
}

bool DSP_EXPORT(alert_tone_take)(alert_tone_t *a, int lane, alert_tone_event_t *event)
{
    if (!a->told[lane]) return false;
    *event = a->event[lane];
    a->told[lane] = false;
    return true;
}

static void advance(phasor_t *sum, float *length, const quadrature_tone_t *tone, phasor_t now, phasor_t before)
{
    phasor_t step = quadrature_advance(tone, now, before);
    sum->real += step.real;
    sum->imaginary += step.imaginary;
    *length += __builtin_sqrtf(phasor_power(step));
}

static bool is_steady(phasor_t sum, float length)
{
    float off = sum.imaginary < 0.0f ? -sum.imaginary : sum.imaginary;
    return __builtin_sqrtf(phasor_power(sum)) >= least_coherence * length && off <= tangent * sum.real;
}

static float dbm0(float power)
{
    return (float)(0.5 * dsp_decibels((double)power / ((double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0)));
}

static float part_of(float amplitude, float whole) { return amplitude < whole ? amplitude / whole : 1.0f; }

static void follow(alert_tone_t *a, int lane, phasor_t low, phasor_t high, bool heard, float low_power, float high_power, float amplitude)
{
    alert_tone_track_t *track = &a->track[lane];
    if (track->blocks == 0) *track = (alert_tone_track_t){.began = a->now - BLOCK, .first = a->amplitude[lane]};
    if (track->blocks < 1000) track->blocks++;
    if (heard) {
        if (track->missed == 0 && track->blocks > 1) {
            advance(&track->low_advance, &track->low_length, &a->low, low, track->low_last);
            advance(&track->high_advance, &track->high_length, &a->high, high, track->high_last);
        }
        track->amplitude += amplitude;
        track->low_power += low_power;
        track->high_power += high_power;
        track->low_last = low;
        track->high_last = high;
        track->missed = 0;
        track->heard++;
        return;
    }
    if (track->missed == 0) track->last = amplitude;
    track->missed++;
    if (track->missed <= bridged) return;
    /* A block that the tone fills in part has that part of the amplitude. */
    float whole = track->amplitude / (float)track->heard;
    float first = part_of(track->first, whole), last = part_of(track->last, whole);
    float duration_ms = BLOCK_MS * (first + (float)(track->blocks - track->missed) + last);
    if (duration_ms >= least_ms && duration_ms <= most_ms && is_steady(track->low_advance, track->low_length) && is_steady(track->high_advance, track->high_length)) {
        a->event[lane] = (alert_tone_event_t){
            .at = track->began - a->reset_at[lane] - (uint32_t)(first * BLOCK),
            .duration_ms = duration_ms,
            .low_dbm0 = dbm0(track->low_power / (float)track->heard),
            .high_dbm0 = dbm0(track->high_power / (float)track->heard),
        };
        a->told[lane] = true;
    }
    track->blocks = 0;
}
