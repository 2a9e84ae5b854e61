/*
 * Exercises: each drives one primitive through all its calls with seeded input, ordinary and extreme, and hashes everything
 * that comes out. The same objects run under ASan and UBSan natively and as WASM; the hash must be the same everywhere
 * (exercise/golden/, a file each).
 */
#ifndef TIPRING_EXERCISE_H
#define TIPRING_EXERCISE_H

#include "dsp.h"

typedef struct { uint64_t state; } exercise_random_t;

/* xorshift64*: enough for test input. */
static inline uint32_t exercise_random(exercise_random_t *random)
{
    random->state ^= random->state >> 12;
    random->state ^= random->state << 25;
    random->state ^= random->state >> 27;
    return (uint32_t)((random->state * 2685821657736338717ull) >> 32);
}

static inline int16_t exercise_sample(exercise_random_t *random) { return (int16_t)(uint16_t)(exercise_random(random) >> 16); }

/* FNV-1a, 32 bits. */
static inline uint32_t exercise_hash(uint32_t hash, const void *data, size_t bytes)
{
    const uint8_t *at = data;
    for (size_t i = 0; i < bytes; i++) hash = (hash ^ at[i]) * 16777619u;
    return hash;
}
#define EXERCISE_HASH_START 2166136261u

/* Defines `uint32_t exercise_<name>(void)`, found by its file name. */
#define EXERCISE(name) \
    uint32_t exercise_##name(void); \
    uint32_t DSP_EXPORT(exercise_##name)(void)

#endif
