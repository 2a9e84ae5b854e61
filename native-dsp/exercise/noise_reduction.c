#include "noise_reduction.h"

#include "exercise.h"

EXERCISE(noise_reduction)
{
    static noise_reduction_t reduction;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 8};
    uint32_t hash = EXERCISE_HASH_START;
    noise_reduction_init(&reduction);
    for (int round = 0; round < 400; round++) {
        int lane = round % LANES;
        if (round % 60 == 10) noise_reduction_enable(&reduction, lane, (float)(round % 25));
        if (round == 200) noise_reduction_enable(&reduction, lane, 0.0f / (float)(round - 200));
        if (round % 170 == 150) noise_reduction_disable(&reduction, lane);
        if (round % 250 == 240) noise_reduction_reset(&reduction, lane);
        int shift = (int)(exercise_random(&random) % 16);
        for (int i = 0; i < LANES * 160; i++) samples[i] = (int16_t)(shift == 0 ? 32767 : shift == 1 ? (i & 4 ? 32767 : -32768) : shift == 15 ? 0 : exercise_sample(&random) >> shift);
        noise_reduction_process(&reduction, samples, 160, round % 31 == 0 ? 77 : 160);
        float noise = noise_reduction_noise_dbm0(&reduction, lane);
        hash = exercise_hash(hash, samples, sizeof samples);
        hash = exercise_hash(hash, &noise, sizeof noise);
    }
    return hash;
}
