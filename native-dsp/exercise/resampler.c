#include "resampler.h"

#include "exercise.h"

EXERCISE(resampler)
{
    static const int rates[][2] = {{8000, 16000}, {16000, 8000}, {8000, 48000}, {48000, 8000}, {16000, 48000}, {48000, 16000}, {8000, 44100}, {0, 8000}, {8000, 8000}};
    static resampler_filter_t filter;
    static resampler_t resampler;
    int16_t from[960], to[1920];
    exercise_random_t random = {.state = 2};
    uint32_t hash = EXERCISE_HASH_START;
    for (int pair = 0; pair < (int)(sizeof rates / sizeof *rates); pair++) {
        int known = resampler_filter_init(&filter, rates[pair][0], rates[pair][1]);
        hash = exercise_hash(hash, &known, sizeof known);
        if (!known) continue;
        resampler_init(&resampler);
        for (int round = 0; round < 20; round++) {
            int count = round == 7 ? 0 : round == 8 ? 12 : rates[pair][0] / 50;
            for (int i = 0; i < 960; i++) from[i] = round == 3 ? 32767 : round == 4 ? (i % 2 ? 32767 : -32768) : exercise_sample(&random);
            int given = resampler_process(&filter, &resampler, from, count, to);
            hash = exercise_hash(hash, &given, sizeof given);
            hash = exercise_hash(hash, to, (size_t)given * sizeof *to);
        }
    }
    return hash;
}
