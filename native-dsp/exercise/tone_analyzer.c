#include "tone_analyzer.h"

#include "dsp_math.h"
#include "exercise.h"

/* Noise, silence, two tones, and a square wave of full scale. */
static int16_t sample_of(exercise_random_t *random, int kind, int n)
{
    double turn = 2.0 * DSP_PI * (double)n / DSP_SAMPLE_RATE_HZ;
    switch (kind) {
    case 0: return exercise_sample(random);
    case 1: return 0;
    case 2: return (int16_t)(4000.0 * (dsp_sin(turn * 350.0) + dsp_sin(turn * 440.0)));
    case 3: return (int16_t)(900.0 * dsp_sin(turn * 400.0) * (1.0 + 0.85 * dsp_sin(turn * 25.0)));
    default: return n / 12 % 2 ? 32767 : -32768;
    }
}

EXERCISE(tone_analyzer)
{
    static tone_spectrum_t spectrum;
    static tone_analyzer_t analyzer;
    static int16_t samples[LANES * TONE_MOST_SAMPLES];
    exercise_random_t random = {.state = 5};
    uint32_t hash = EXERCISE_HASH_START;
    int at = 0;
    tone_spectrum_init(&spectrum);
    tone_analyzer_init(&analyzer, 1);
    for (int round = 0; round < 120; round++) {
        int count = round % 9 == 0 ? (int)(exercise_random(&random) % (TONE_MOST_SAMPLES + 1)) : TONE_MOST_SAMPLES;
        for (int lane = 0; lane < LANES; lane++) {
            for (int i = 0; i < count; i++) samples[lane * TONE_MOST_SAMPLES + i] = sample_of(&random, (round / 24 + lane) % 5, at + i);
        }
        at += count;
        tone_analyzer_process(&analyzer, &spectrum, samples, TONE_MOST_SAMPLES, count);
        hash = exercise_hash(hash, tone_analyzer_counts(&analyzer), 3 * sizeof(uint32_t));
        for (int lane = 0; lane < LANES; lane++) {
            hash = exercise_hash(hash, tone_analyzer_blocks(&analyzer, lane), TONE_MOST_BLOCKS * sizeof(float));
            if (analyzer.frames) hash = exercise_hash(hash, tone_analyzer_frame(&analyzer, lane), sizeof(tone_frame_t));
        }
        if (round % 31 == 30) tone_analyzer_reset(&analyzer, round % LANES);
    }
    return hash;
}
