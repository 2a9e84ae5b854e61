#include "drift_resampler.h"

#include "exercise.h"

EXERCISE(drift_resampler)
{
    static drift_filter_t filter;
    static drift_resampler_t resampler;
    int16_t from[DRIFT_SAMPLES_MAX], to[DRIFT_SAMPLES_MAX];
    exercise_random_t random = {.state = 3};
    uint32_t hash = EXERCISE_HASH_START;
    drift_filter_init(&filter);
    drift_resampler_init(&resampler);
    for (int round = 0; round < 300; round++) {
        float ppm = (float)(exercise_random(&random) % 4000) - 2000.0f;
        drift_resampler_set(&resampler, round == 100 ? 0.0f / (float)(round - 100) : ppm);
        for (int i = 0; i < DRIFT_SAMPLES_MAX; i++) from[i] = round % 50 == 0 ? (i % 2 ? 32767 : -32768) : exercise_sample(&random);
        int count = round % 17 == 0 ? 0 : round % 5 == 0 ? 960 : round % 31 == 0 ? 2000 : 160;
        int moved = round % 2 ? drift_resampler_take(&filter, &resampler, from, to, count) : drift_resampler_push(&filter, &resampler, from, count > DRIFT_SAMPLES_MAX ? 1000 : count, to);
        int needs = drift_resampler_needs(&resampler, 160);
        hash = exercise_hash(hash, &moved, sizeof moved);
        hash = exercise_hash(hash, &needs, sizeof needs);
        hash = exercise_hash(hash, to, round % 2 ? (size_t)count % 1000 * sizeof *to : (size_t)moved * sizeof *to);
    }
    return hash;
}
