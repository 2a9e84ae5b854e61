#include "gain.h"

#include "exercise.h"

EXERCISE(gain)
{
    static gain_t gain;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 1};
    uint32_t hash = EXERCISE_HASH_START;
    gain_init(&gain);
    for (int round = 0; round < 50; round++) {
        int lane = round % LANES;
        float db = (float)(exercise_random(&random) % 120) - 60.0f;
        if (round % 3 == 0) gain_set(&gain, lane, db);
        else gain_slide(&gain, lane, db);
        for (int i = 0; i < LANES * 160; i++) samples[i] = exercise_sample(&random);
        gain_process(&gain, samples, 160, round % 7 == 0 ? 0 : 160);
        hash = exercise_hash(hash, samples, sizeof samples);
        uint32_t clipped = gain_clipped(&gain, lane);
        hash = exercise_hash(hash, &clipped, sizeof clipped);
    }
    return hash;
}
