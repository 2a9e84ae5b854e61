#include "g722.h"

/* G.722 table 11 / 5.2.1: the mirror filter, symmetric. */
static const int16_t mirror[G722_TAPS] = {3, -11, -11, 53, 12, -156, 32, 362, -210, -805, 951, 3876, 3876, 951, -805, -210, 362, 32, -156, 12, 53, -11, -11, 3};

typedef int32_t levels_t __attribute__((vector_size(16)));
typedef int32_t wide_t __attribute__((vector_size(32)));

/* Table 14 (Q6): decision levels of the lower band's quantizer, in eighths as they are multiplied with the step; the last fills the table up. */
static const levels_t low_decisions[8] = {
    {0, 280, 576, 880},        {1200, 1520, 1864, 2208},     {2584, 2960, 3376, 3784},      {4240, 4696, 5200, 5712},
    {6288, 6864, 7520, 8184},  {8968, 9752, 10712, 11664},   {12896, 14120, 15840, 17560},  {20456, 23352, 23352, 23352},
};
/* Tables 15, 16, 18 and 20 in one: what a 6-bit code of the lower band stands for, in Q15 steps. */
static const int16_t low_levels[64] = {
    -136,  -136,  -136,  -136,  -24808, -21904, -19008, -16704, -14984, -13512, -12280, -11192, -10232, -9360, -8576, -7856,
    -7192, -6576, -6000, -5456, -4944,  -4464,  -4008,  -3576,  -3168,  -2776,  -2400,  -2032,  -1688,  -1360, -1040, -728,
    24808, 21904, 19008, 16704, 14984,  13512,  12280,  11192,  10232,  9360,   8576,   7856,   7192,   6576,  6000,  5456,
    4944,  4464,  4008,  3576,  3168,   2776,   2400,   2032,   1688,   1360,   1040,   728,    432,    136,   -432,  -136,
};
/* The same of its first four bits, which drive the adaptation (the last two may be data to others), and how they move the step. */
static const int16_t low_core_levels[16] = {0, -20456, -12896, -8968, -6288, -4240, -2584, -1200, 20456, 12896, 8968, 6288, 4240, 2584, 1200, 0};
static const int16_t low_step_moves[16] = {-60, 3042, 1198, 538, 334, 172, 58, -30, 3042, 1198, 538, 334, 172, 58, -30, -60};
/* The higher band: one decision level, two output levels. */
#define HIGH_DECISION 4512
static const int16_t high_levels[4] = {-7408, -1616, 7408, 1616};
static const int16_t high_step_moves[4] = {798, -214, 798, -214};
/* Table 12: 2048 · 2^(n/32). */
static const int16_t step_mantissa[32] = {
    2048, 2093, 2139, 2186, 2233, 2282, 2332, 2383, 2435, 2489, 2543, 2599, 2656, 2714, 2774, 2834,
    2896, 2960, 3025, 3091, 3158, 3228, 3298, 3371, 3444, 3520, 3597, 3676, 3756, 3838, 3922, 4008,
};
/* The largest logarithms of a step, Q11; the lower band's counts from two octaves above the higher one's. */
#define LOW_LOG_LARGEST 18432
#define HIGH_LOG_LARGEST 22528
#define LOW_OCTAVES 2
/* The bands have 15 bits. */
#define BAND_LARGEST 16383
/* Limits of the pole section's coefficients. */
#define POLE2_LARGEST 12288
#define POLE_SUM_LARGEST 15360

static inline int32_t clamp(int32_t value, int32_t low, int32_t high) { return value < low ? low : value > high ? high : value; }
static inline int16_t saturated(int32_t value) { return (int16_t)clamp(value, INT16_MIN, INT16_MAX); }
/* A product of two fractions, cut off towards minus infinity. */
static inline int32_t product(int32_t a, int32_t b) { return (a * b) >> 15; }

/* 5.2.4 (LOGSCL, LOGSCH): leaks an 128th, moved by the code. */
static inline int16_t moved_log(int16_t log_step, int16_t move, int32_t largest) { return (int16_t)clamp(product(log_step, 32512) + move, 0, largest); }

/* 5.2.4 (SCALEL, SCALEH) */
static inline int16_t step_of(int16_t log_step, int octaves)
{
    int octave = (log_step >> 11) + octaves;
    return (int16_t)((step_mantissa[(log_step >> 6) & 31] << octave >> 10) * 4);
}

/* 5.2.6 (FILTEZ): from the sixth tap to the first each sum is saturated, which matters only when all of them together could be too large. */
static inline int16_t filtered(taps_t coefficients, taps_t signal)
{
    wide_t terms = __builtin_convertvector(coefficients, wide_t) * __builtin_convertvector(signal, wide_t) >> 14;
    wide_t below = terms >> 31, sizes = (terms ^ below) - below;
    int32_t sum = 0, size = 0;
    for (int tap = 0; tap < 6; tap++) {
        sum += terms[tap];
        size += sizes[tap];
    }
    if (size <= INT16_MAX) return (int16_t)sum;
    sum = 0;
    for (int tap = 5; tap >= 0; tap--) sum = saturated(sum + terms[tap]);
    return (int16_t)sum;
}

/* 5.2.5 and 5.2.6: the two predictors learn from a quantized difference, and predict the next sample. */
static inline void adapt(g722_band_t *band, int16_t difference)
{
    int16_t reconstructed = saturated(band->estimate + difference);
    int16_t sign = (int16_t)((band->zero_estimate + difference) >> 31);
    int16_t towards_first = (int16_t)(sign ^ band->p_sign[0]), towards_second = (int16_t)(sign ^ band->p_sign[1]);
    band->p_sign[1] = band->p_sign[0];
    band->p_sign[0] = sign;

    /* UPPOL2 and UPPOL1: by the signs only, so that a transmission error leaves no trace. */
    int32_t four_first = saturated(band->pole[0] * 4);
    int32_t pull = saturated(towards_first ? four_first : -four_first) >> 7;
    int32_t second = clamp(pull + (towards_second ? -128 : 128) + product(band->pole[1], 32512), -POLE2_LARGEST, POLE2_LARGEST);
    int32_t room = POLE_SUM_LARGEST - second;
    band->pole[0] = (int16_t)clamp((towards_first ? -192 : 192) + product(band->pole[0], 32640), -room, room);
    band->pole[1] = (int16_t)second;

    /* UPZERO and DELAYA. The product of 5.2.6 with 32640/32768, without its multiplication. */
    taps_t against = (band->d ^ difference) >> 15, move = (taps_t){0} + (int16_t)(difference == 0 ? 0 : 128);
    band->zero += (-band->zero >> 8) + ((move ^ against) - against);
    band->d = __builtin_shufflevector(band->d, (taps_t){0}, 8, 0, 1, 2, 3, 4, 8, 8);
    band->d[0] = difference;
    band->zero_estimate = filtered(band->zero, band->d);

    /* FILTEP and PREDIC */
    band->r[1] = band->r[0];
    band->r[0] = reconstructed;
    int32_t poles = saturated(product(band->pole[0], saturated(2 * band->r[0])) + product(band->pole[1], saturated(2 * band->r[1])));
    band->estimate = saturated(poles + band->zero_estimate);
}

static inline void low_adapt(g722_band_t *band, int code)
{
    int core = code >> 2;
    int16_t difference = (int16_t)product(band->step, low_core_levels[core]);
    band->log_step = moved_log(band->log_step, low_step_moves[core], LOW_LOG_LARGEST);
    band->step = step_of(band->log_step, LOW_OCTAVES);
    adapt(band, difference);
}

/* The sample in the higher band needs no finer levels than those of the adaptation. */
static inline int32_t high_adapt(g722_band_t *band, int code)
{
    int16_t difference = (int16_t)product(band->step, high_levels[code]);
    int32_t reconstructed = band->estimate + difference;
    band->log_step = moved_log(band->log_step, high_step_moves[code], HIGH_LOG_LARGEST);
    band->step = step_of(band->log_step, 0);
    adapt(band, difference);
    return reconstructed;
}

/* 5.2.2 (QUANTL): how many decision levels the magnitude has reached, counted. */
static inline int low_code(const g722_band_t *band, int32_t sample)
{
    int32_t error = saturated(sample - band->estimate);
    int32_t magnitude = error < 0 ? ~error : error;
    /* level · step >> 15 ≤ magnitude, for all levels at once. */
    levels_t reaching = {0}, limit = (levels_t){0} + ((magnitude + 1) << 15);
    for (int four = 0; four < 8; four++) reaching -= low_decisions[four] * band->step < limit;
    int reached = reaching[0] + reaching[1] + reaching[2] + reaching[3];
    if (reached > 30) reached = 30;
    if (error >= 0) return 62 - reached;
    return reached < 3 ? 64 - reached : 34 - reached;
}

/* QUANTH */
static inline int high_code(const g722_band_t *band, int32_t sample)
{
    int32_t error = saturated(sample - band->estimate);
    int32_t magnitude = error < 0 ? ~error : error;
    int outer = magnitude >= product(HIGH_DECISION, band->step);
    return (error < 0 ? 1 : 3) - outer;
}

uint32_t DSP_EXPORT(g722_size)(void) { return sizeof(g722_t); }

void DSP_EXPORT(g722_init)(g722_t *state)
{
    memset(state, 0, sizeof *state);
    state->low.step = 32;
    state->high.step = 8;
}

static void encode_block(g722_t *state, const int16_t *samples, uint8_t *payload, int bytes)
{
    memcpy(state->line + G722_TAPS - 2, samples, (size_t)bytes * 4);
    for (int n = 0; n < bytes; n++) {
        const int16_t *line = state->line + 2 * n;
        int32_t sum = 0, difference = 0;
        for (int tap = 0; tap < G722_TAPS; tap++) {
            sum += mirror[tap] * line[tap];
            difference += (tap % 2 == 0 ? -mirror[tap] : mirror[tap]) * line[tap];
        }
        int32_t low = clamp(sum >> 14, -BAND_LARGEST - 1, BAND_LARGEST), high = clamp(difference >> 14, -BAND_LARGEST - 1, BAND_LARGEST);
        int low_bits = low_code(&state->low, low), high_bits = high_code(&state->high, high);
        low_adapt(&state->low, low_bits);
        high_adapt(&state->high, high_bits);
        payload[n] = (uint8_t)(high_bits << 6 | low_bits);
    }
    memmove(state->line, state->line + 2 * bytes, (G722_TAPS - 2) * sizeof *state->line);
}

static void decode_block(g722_t *state, const uint8_t *payload, int16_t *samples, int bytes)
{
    for (int n = 0; n < bytes; n++) {
        int code = payload[n] & 63;
        int32_t low = clamp(state->low.estimate + product(state->low.step, low_levels[code]), -BAND_LARGEST - 1, BAND_LARGEST);
        low_adapt(&state->low, code);
        int32_t high = clamp(high_adapt(&state->high, payload[n] >> 6), -BAND_LARGEST - 1, BAND_LARGEST);
        state->line[G722_TAPS - 2 + 2 * n] = (int16_t)(low + high);
        state->line[G722_TAPS - 2 + 2 * n + 1] = (int16_t)(low - high);
    }
    for (int n = 0; n < bytes; n++) {
        const int16_t *line = state->line + 2 * n;
        int32_t first = 0, second = 0;
        for (int tap = 0; tap < G722_TAPS; tap += 2) {
            second += mirror[tap] * line[tap];
            first += mirror[tap + 1] * line[tap + 1];
        }
        samples[2 * n] = saturated(first >> 11);
        samples[2 * n + 1] = saturated(second >> 11);
    }
    memmove(state->line, state->line + 2 * bytes, (G722_TAPS - 2) * sizeof *state->line);
}

void DSP_EXPORT(g722_encode)(g722_t *state, const int16_t *samples, uint8_t *payload, int bytes)
{
    for (int at = 0; at < bytes; at += G722_BLOCK / 2) {
        int some = bytes - at < G722_BLOCK / 2 ? bytes - at : G722_BLOCK / 2;
        encode_block(state, samples + 2 * at, payload + at, some);
    }
}

void DSP_EXPORT(g722_decode)(g722_t *state, const uint8_t *payload, int16_t *samples, int bytes)
{
    for (int at = 0; at < bytes; at += G722_BLOCK / 2) {
        int some = bytes - at < G722_BLOCK / 2 ? bytes - at : G722_BLOCK / 2;
        decode_block(state, payload + at, samples + 2 * at, some);
    }
}
