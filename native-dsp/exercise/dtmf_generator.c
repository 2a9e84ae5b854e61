#include "dtmf_generator.h"

#include "exercise.h"

EXERCISE(dtmf_generator)
{
    static dtmf_generator_t generator;
    int16_t samples[160];
    exercise_random_t random = {.state = 23};
    uint32_t hash = EXERCISE_HASH_START;
    for (int round = 0; round < 600; round++) {
        if (round % 200 == 0) dtmf_generator_init(&generator, round == 0 ? 8000 : round == 200 ? 16000 : 48000);
        uint32_t digit = (uint32_t)"0123456789*#ABCD,x"[exercise_random(&random) % 18];
        float level = -(float)(exercise_random(&random) % 64), twist = (float)(exercise_random(&random) % 30) - 15.0f;
        float on = (float)(exercise_random(&random) % 80), off = (float)(exercise_random(&random) % 60);
        /* Now and then the queue runs full. */
        for (int times = round % 50 == 0 ? 70 : round % 3 == 0; times > 0; times--) {
            bool queued = dtmf_generator_push(&generator, digit, level, twist, on, off, round % 7 == 0);
            hash = exercise_hash(hash, &queued, sizeof queued);
        }
        if (round % 11 == 0) dtmf_generator_push(&generator, '5', __builtin_nanf(""), 0.0f, 1e30f, -1.0f, 0);
        if (round % 13 == 0) dtmf_generator_release(&generator);
        if (round % 50 == 40) dtmf_generator_stop(&generator);
        for (int i = 0; i < 160; i++) samples[i] = exercise_sample(&random);
        if (round % 2 == 0) dtmf_generator_write(&generator, samples, 160);
        else dtmf_generator_add(&generator, samples, 160);
        hash = exercise_hash(hash, samples, sizeof samples);
        uint32_t pending = dtmf_generator_pending(&generator);
        hash = exercise_hash(hash, &pending, sizeof pending);
    }
    return hash;
}
