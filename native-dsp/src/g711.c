#include "g711.h"

/*
 * Both laws are floating-point numbers of three bits of exponent and four of mantissa. So the processor's conversion to and from
 * floating point finds the segment: the exponent field of the float and its four first mantissa bits are the code. That has no
 * branch and no table, and compiles to vector instructions.
 */
typedef int16_t samples_t __attribute__((vector_size(16)));
typedef uint8_t codes_t __attribute__((vector_size(8)));
typedef int32_t wide_t __attribute__((vector_size(32)));
typedef float floats_t __attribute__((vector_size(32)));
#define AT_ONCE 8

/* Four mantissa bits are left above this. */
#define CODE_SHIFT 19
#define HALF_STEP (1 << (CODE_SHIFT - 1))
/* The exponent field of 2^n, as it lies above the four mantissa bits. */
#define EXPONENT(n) ((127 + (n)) << 4)
/* Bits 1, 3, 5 and 7 of A-law's are inverted in the line code (G.711 table 1a, note 2), and all of mu-law's (table 2a, note 2). */
#define ALAW_LINE 0x55
#define SIGN 0x80
#define MAGNITUDE 0x7f
/* Added to the magnitude of mu-law before and taken from it after: makes its segments start at powers of two. */
#define MULAW_BIAS 33
#define MULAW_LARGEST (8191 - MULAW_BIAS)

static inline wide_t select(wide_t where, wide_t yes, wide_t no) { return (yes & where) | (no & ~where); }
/* The seven bits of a positive number of either law. */
static inline wide_t companded(wide_t magnitude) { return (wide_t)__builtin_convertvector(magnitude, floats_t) >> CODE_SHIFT; }
/* And the middle of what they stand for. */
static inline wide_t expanded(wide_t bits) { return __builtin_convertvector((floats_t)((bits << CODE_SHIFT) + HALF_STEP), wide_t); }

/* A-law's magnitude has 11 bits; below 16 all steps are equal. */
static inline codes_t alaw_codes(samples_t samples)
{
    wide_t sample = __builtin_convertvector(samples, wide_t), negative = sample >> 31, magnitude = (sample ^ negative) >> 4;
    wide_t code = select(magnitude < 16, magnitude, companded(magnitude) - EXPONENT(3));
    return __builtin_convertvector((code | (~negative & SIGN)) ^ ALAW_LINE, codes_t);
}

static inline samples_t alaw_samples(codes_t codes)
{
    wide_t code = __builtin_convertvector(codes, wide_t) ^ ALAW_LINE, magnitude = code & MAGNITUDE;
    wide_t value = select(magnitude < 16, (magnitude << 4) + 8, expanded(magnitude + EXPONENT(7)));
    return __builtin_convertvector(select((code & SIGN) != 0, value, -value), samples_t);
}

static inline codes_t mulaw_codes(samples_t samples)
{
    wide_t sample = __builtin_convertvector(samples, wide_t), negative = sample >> 31, magnitude = (sample ^ negative) >> 2;
    wide_t biased = select(magnitude < MULAW_LARGEST, magnitude, (wide_t){0} + MULAW_LARGEST) + MULAW_BIAS;
    return __builtin_convertvector(~((companded(biased) - EXPONENT(5)) | (negative & SIGN)), codes_t);
}

static inline samples_t mulaw_samples(codes_t codes)
{
    wide_t code = ~__builtin_convertvector(codes, wide_t);
    wide_t value = expanded((code & MAGNITUDE) + EXPONENT(7)) - 4 * MULAW_BIAS;
    return __builtin_convertvector(select((code & SIGN) != 0, -value, value), samples_t);
}

/* Eight at a time; the rest is filled up. __builtin_memcpy of a fixed size is one instruction; memcpy would be a call, as there is no libc. */
static inline void encode(const int16_t *samples, uint8_t *payload, int count, codes_t (*law)(samples_t))
{
    for (int at = 0; at < count; at += AT_ONCE) {
        size_t some = (size_t)(count - at < AT_ONCE ? count - at : AT_ONCE);
        samples_t from = {0};
        if (some == AT_ONCE) __builtin_memcpy(&from, samples + at, sizeof from);
        else memcpy(&from, samples + at, some * sizeof *samples);
        codes_t to = law(from);
        if (some == AT_ONCE) __builtin_memcpy(payload + at, &to, sizeof to);
        else memcpy(payload + at, &to, some);
    }
}

static inline void decode(const uint8_t *payload, int16_t *samples, int count, samples_t (*law)(codes_t))
{
    for (int at = 0; at < count; at += AT_ONCE) {
        size_t some = (size_t)(count - at < AT_ONCE ? count - at : AT_ONCE);
        codes_t from = {0};
        if (some == AT_ONCE) __builtin_memcpy(&from, payload + at, sizeof from);
        else memcpy(&from, payload + at, some);
        samples_t to = law(from);
        if (some == AT_ONCE) __builtin_memcpy(samples + at, &to, sizeof to);
        else memcpy(samples + at, &to, some * sizeof *samples);
    }
}

void DSP_EXPORT(g711_encode_alaw)(const int16_t *samples, uint8_t *payload, int count) { encode(samples, payload, count, alaw_codes); }
void DSP_EXPORT(g711_decode_alaw)(const uint8_t *payload, int16_t *samples, int count) { decode(payload, samples, count, alaw_samples); }
void DSP_EXPORT(g711_encode_mulaw)(const int16_t *samples, uint8_t *payload, int count) { encode(samples, payload, count, mulaw_codes); }
void DSP_EXPORT(g711_decode_mulaw)(const uint8_t *payload, int16_t *samples, int count) { decode(payload, samples, count, mulaw_samples); }

/*
 * G.711 tables 3 and 4, by magnitude code without the line inversions (the Recommendation counts A-law's values from 1).
 * Not what decoding and encoding again gives: the tables keep the segments of both laws together.
 */
static const uint8_t alaw_of_mulaw[128] = {
    0,   0,   1,   1,   2,   2,   3,   3,   4,   4,   5,   5,   6,   6,   7,   7,   8,   9,   10,  11,  12,  13,  14,  15,  16,  17,
    18,  19,  20,  21,  22,  23,  24,  26,  28,  30,  32,  33,  34,  35,  36,  37,  38,  39,  40,  41,  42,  43,  45,  47,  48,  49,
    50,  51,  52,  53,  54,  55,  56,  57,  58,  59,  60,  61,  63,  64,  65,  66,  67,  68,  69,  70,  71,  72,  73,  74,  75,  76,
    77,  78,  80,  81,  82,  83,  84,  85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  95,  96,  97,  98,  99,  100, 101, 102, 103,
    104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
};
static const uint8_t mulaw_of_alaw[128] = {
    1,   3,   5,   7,   9,   11,  13,  15,  16,  17,  18,  19,  20,  21,  22,  23,  24,  25,  26,  27,  28,  29,  30,  31,  32,  32,
    33,  33,  34,  34,  35,  35,  36,  37,  38,  39,  40,  41,  42,  43,  44,  45,  46,  47,  48,  48,  49,  49,  50,  51,  52,  53,
    54,  55,  56,  57,  58,  59,  60,  61,  62,  63,  64,  64,  65,  66,  67,  68,  69,  70,  71,  72,  73,  74,  75,  76,  77,  78,
    79,  79,  80,  81,  82,  83,  84,  85,  86,  87,  88,  89,  90,  91,  92,  93,  94,  95,  96,  97,  98,  99,  100, 101, 102, 103,
    104, 105, 106, 107, 108, 109, 110, 111, 112, 113, 114, 115, 116, 117, 118, 119, 120, 121, 122, 123, 124, 125, 126, 127,
};

void DSP_EXPORT(g711_alaw_to_mulaw)(const uint8_t *from, uint8_t *to, int count)
{
    for (int i = 0; i < count; i++) {
        int code = from[i] ^ ALAW_LINE;
        to[i] = (uint8_t)((mulaw_of_alaw[code & MAGNITUDE] ^ MAGNITUDE) | (code & SIGN));
    }
}

void DSP_EXPORT(g711_mulaw_to_alaw)(const uint8_t *from, uint8_t *to, int count)
{
    for (int i = 0; i < count; i++) to[i] = (uint8_t)((alaw_of_mulaw[~from[i] & MAGNITUDE] | (from[i] & SIGN)) ^ ALAW_LINE);
}
