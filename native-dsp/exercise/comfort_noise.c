#include "comfort_noise.h"

#include "exercise.h"

EXERCISE(comfort_noise)
{
    static noise_profile_t profile;
    static comfort_noise_t noise;
    int16_t samples[320];
    uint8_t payload[32];
    exercise_random_t random = {.state = 3389};
    uint32_t hash = EXERCISE_HASH_START;
    noise_profile_init(&profile);
    comfort_noise_init(&noise, 7);
    int bytes = noise_profile_describe(&profile, payload, 10);
    hash = exercise_hash(hash, payload, (size_t)bytes);
    for (int round = 0; round < 120; round++) {
        int count = (int)(exercise_random(&random) % 321);
        for (int i = 0; i < count; i++) {
            samples[i] = (int16_t)(exercise_sample(&random) >> (round % 16));
            if (round % 9 == 4) samples[i] = i % 20 < 10 ? 32767 : -32768;
            if (round % 9 == 5) samples[i] = 0;
        }
        noise_profile_listen(&profile, samples, count);
        bytes = noise_profile_describe(&profile, payload, round % 14);
        hash = exercise_hash(hash, payload, (size_t)bytes);
        if (round % 3 == 0) {
            bytes = (int)(exercise_random(&random) % 32);
            for (int i = 0; i < bytes; i++) payload[i] = round % 2 == 0 ? (uint8_t)exercise_random(&random) : 255;
        }
        comfort_noise_follow(&noise, payload, bytes);
        comfort_noise_fill(&noise, samples, 320);
        hash = exercise_hash(hash, samples, sizeof samples);
    }
    return hash;
}
