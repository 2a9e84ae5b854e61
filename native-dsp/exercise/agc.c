#include "agc.h"

#include "exercise.h"

EXERCISE(agc)
{
    static agc_t agc;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 4};
    uint32_t hash = EXERCISE_HASH_START;
    agc_init(&agc);
    for (int round = 0; round < 400; round++) {
        int lane = (int)(exercise_random(&random) % LANES);
        if (round % 40 == 3) agc_enable(&agc, lane, -18.0f, (float)(round % 50), 20.0f, 60.0f, 20.0f);
        if (round == 200) agc_enable(&agc, lane, 0.0f / (float)(round - 200), -1e30f, 1e30f, 0.0f / (float)(round - 200), 1e30f);
        if (round % 90 == 50) agc_disable(&agc, lane);
        if (round % 150 == 149) agc_reset(&agc, lane);
        int shift = (int)(exercise_random(&random) % 16);
        for (int i = 0; i < LANES * 160; i++) samples[i] = (int16_t)(shift == 0 ? 32767 : shift == 1 ? (i & 4 ? 32767 : -32768) : shift == 15 ? 0 : exercise_sample(&random) >> shift);
        agc_process(&agc, samples, 160, round % 31 == 0 ? 0 : 160);
        float gain = agc_gain_db(&agc, lane);
        hash = exercise_hash(hash, samples, sizeof samples);
        hash = exercise_hash(hash, &gain, sizeof gain);
    }
    return hash;
}
