#include "tone_generator.h"

#include "exercise.h"

/* Ordinary tones, and numbers that must be refused: none, too many, beyond half the rate, not a number at all. */
static float wild(exercise_random_t *random, float ordinary)
{
    switch (exercise_random(random) % 24) {
    case 0: return -ordinary;
    case 1: return 1e30f;
    case 2: return __builtin_nanf("");
    case 3: return ordinary * 7;
    default: return ordinary;
    }
}

EXERCISE(tone_generator)
{
    static tone_generator_t generator;
    static const int rates_hz[] = {8000, 16000, 48000};
    int16_t samples[960];
    tone_generator_segment_t segments[TONE_GENERATOR_SEGMENTS];
    exercise_random_t random = {.state = 5};
    uint32_t hash = EXERCISE_HASH_START;
    for (int round = 0; round < 300; round++) {
        if (round % 100 == 0) tone_generator_init(&generator, rates_hz[round / 100]);
        int count = 1 + (int)(exercise_random(&random) % 6);
        for (int i = 0; i < count; i++) {
            segments[i] = (tone_generator_segment_t){.duration_ms = (float)(2 + exercise_random(&random) % 90)};
            uint32_t kind = exercise_random(&random) % 5;
            for (uint32_t n = 0; n < kind; n++) segments[i].frequency_hz[n] = wild(&random, (float)(20 + exercise_random(&random) % 1900));
            if (kind == 1 && round % 3 == 0) {
                segments[i].modulation_hz = wild(&random, 25);
                segments[i].modulation_depth = wild(&random, 0.9f);
            } else if (kind == 1 && round % 3 == 1) {
                segments[i].sweep_to_hz = wild(&random, 3200);
            }
            if (round % 5 == 0) segments[i].level_db = wild(&random, -10);
            if (round % 11 == 0) segments[i].duration_ms = wild(&random, 0);
        }
        bool taken = tone_generator_play(&generator, segments, count, round % 4 - 1, wild(&random, (float)(round % 60) - 50));
        hash = exercise_hash(hash, &taken, sizeof taken);
        for (int block = 0; block < 20; block++) {
            int length = (int)(exercise_random(&random) % 961);
            for (int i = 0; i < 960; i++) samples[i] = exercise_sample(&random);
            if (block % 2) tone_generator_write(&generator, samples, length);
            else tone_generator_add(&generator, samples, length);
            hash = exercise_hash(hash, samples, sizeof samples);
            bool playing = tone_generator_playing(&generator);
            hash = exercise_hash(hash, &playing, sizeof playing);
            if (exercise_random(&random) % 40 == 0) tone_generator_stop(&generator);
        }
    }
    return hash;
}
