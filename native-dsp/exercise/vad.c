#include "vad.h"

#include "exercise.h"

EXERCISE(vad)
{
    static vad_t vad;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 5};
    uint32_t hash = EXERCISE_HASH_START;
    for (int rate = 8000; rate <= 16000; rate += 8000) {
        vad_init(&vad, rate);
        for (int round = 0; round < 600; round++) {
            int loudness = 6 + round / 20 % 9;
            for (int i = 0; i < LANES * 160; i++) samples[i] = (int16_t)(exercise_sample(&random) >> (i < 320 ? loudness : 8));
            if (round % 50 < 8) for (int i = 0; i < 160; i++) samples[i] = i % 30 < 15 ? 32767 : -32768;
            if (round % 97 == 0) vad_reset(&vad, round % LANES);
            vad_process(&vad, samples, 160, round % 13 == 0 ? 77 : 160);
            uint8_t active = 0;
            for (int lane = 0; lane < LANES; lane++) active = (uint8_t)(active << 1 | vad_active(&vad, lane));
            hash = exercise_hash(hash, &active, 1);
        }
    }
    return hash;
}
