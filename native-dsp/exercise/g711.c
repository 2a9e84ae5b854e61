#include "g711.h"

#include "exercise.h"

EXERCISE(g711)
{
    static int16_t samples[65536];
    static uint8_t payload[65536];
    uint32_t hash = EXERCISE_HASH_START;
    for (int i = 0; i < 65536; i++) samples[i] = (int16_t)(i - 32768);
    g711_encode_alaw(samples, payload, 65536);
    hash = exercise_hash(hash, payload, sizeof payload);
    g711_encode_mulaw(samples, payload, 65536);
    hash = exercise_hash(hash, payload, sizeof payload);
    for (int i = 0; i < 256; i++) payload[i] = (uint8_t)i;
    g711_decode_alaw(payload, samples, 256);
    hash = exercise_hash(hash, samples, 512);
    g711_decode_mulaw(payload, samples, 256);
    hash = exercise_hash(hash, samples, 512);
    g711_alaw_to_mulaw(payload, payload + 256, 256);
    g711_mulaw_to_alaw(payload, payload + 512, 256);
    return exercise_hash(hash, payload, 768);
}
