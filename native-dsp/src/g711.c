#include "g711.h"

/*
 * Both laws are floating-point numbers of three bits of exponent and four of mantissa. So the processor's conversion to and from
 * floating point finds the segment: the exponent field of the float and its four first mantissa bits are the code. That has no
 * branch and no table, and compiles to vector instructions.
 */
static inline uint32_t bits_of(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Four mantissa bits are left above this. */
#define CODE_SHIFT 19
#define HALF_STEP (1u << (CODE_SHIFT - 1))
#define EXPONENT_BIAS 127u
/* Bits 1, 3, 5 and 7 of A-law's are inverted in the line code (G.711 table 1a, note 2), and all of mu-law's (table 2a, note 2). */
#define ALAW_LINE 0x55u
#define SIGN 0x80u
/* Added to the magnitude of mu-law before and taken from it after: makes its segments start at powers of two. */
#define MULAW_BIAS 33
#define MULAW_LARGEST (8191 - MULAW_BIAS)

/* A-law's magnitude has 11 bits; below 16 all steps are equal. */
static inline uint8_t alaw_of(int32_t sample)
{
    int32_t magnitude = (sample ^ (sample >> 31)) >> 4;
    uint32_t companded = (bits_of((float)magnitude) >> CODE_SHIFT) - ((EXPONENT_BIAS + 3u) << 4);
    uint32_t code = magnitude < 16 ? (uint32_t)magnitude : companded;
    return (uint8_t)((code | (sample >= 0 ? SIGN : 0u)) ^ ALAW_LINE);
}

static inline int16_t alaw_sample(uint8_t byte)
{
    uint32_t code = byte ^ ALAW_LINE, magnitude = code & ~SIGN;
    int32_t linear = (int32_t)(magnitude << 4) + 8;
    int32_t expanded = (int32_t)float_of((magnitude << CODE_SHIFT) + ((EXPONENT_BIAS + 7u) << 23) + HALF_STEP);
    int32_t value = magnitude < 16u ? linear : expanded;
    return (int16_t)((code & SIGN) != 0u ? value : -value);
}

static inline uint8_t mulaw_of(int32_t sample)
{
    int32_t magnitude = (sample ^ (sample >> 31)) >> 2;
    int32_t biased = (magnitude < MULAW_LARGEST ? magnitude : MULAW_LARGEST) + MULAW_BIAS;
    uint32_t code = (bits_of((float)biased) >> CODE_SHIFT) - ((EXPONENT_BIAS + 5u) << 4);
    return (uint8_t)~(code | (sample >= 0 ? 0u : SIGN));
}

static inline int16_t mulaw_sample(uint8_t byte)
{
    uint32_t code = ~(uint32_t)byte, magnitude = code & 0x7fu;
    int32_t value = (int32_t)float_of((magnitude << CODE_SHIFT) + ((EXPONENT_BIAS + 7u) << 23) + HALF_STEP) - 4 * MULAW_BIAS;
    return (int16_t)((code & SIGN) != 0u ? -value : value);
}

void DSP_EXPORT(g711_encode_alaw)(const int16_t *samples, uint8_t *payload, int count)
{
    for (int i = 0; i < count; i++) payload[i] = alaw_of(samples[i]);
}

void DSP_EXPORT(g711_decode_alaw)(const uint8_t *payload, int16_t *samples, int count)
{
    for (int i = 0; i < count; i++) samples[i] = alaw_sample(payload[i]);
}

void DSP_EXPORT(g711_encode_mulaw)(const int16_t *samples, uint8_t *payload, int count)
{
    for (int i = 0; i < count; i++) payload[i] = mulaw_of(samples[i]);
}

void DSP_EXPORT(g711_decode_mulaw)(const uint8_t *payload, int16_t *samples, int count)
{
    for (int i = 0; i < count; i++) samples[i] = mulaw_sample(payload[i]);
}

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
        uint32_t code = from[i] ^ ALAW_LINE;
        to[i] = (uint8_t)((mulaw_of_alaw[code & 0x7fu] ^ 0x7fu) | (code & SIGN));
    }
}

void DSP_EXPORT(g711_mulaw_to_alaw)(const uint8_t *from, uint8_t *to, int count)
{
    for (int i = 0; i < count; i++) to[i] = (uint8_t)((alaw_of_mulaw[~from[i] & 0x7f] | (from[i] & SIGN)) ^ ALAW_LINE);
}
