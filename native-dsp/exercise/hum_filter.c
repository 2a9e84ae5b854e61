#include "hum_filter.h"

#include "dsp_math.h"
#include "exercise.h"

EXERCISE(hum_filter)
{
    static hum_filter_t hum;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 6};
    uint32_t hash = EXERCISE_HASH_START;
    hum_filter_init(&hum);
    for (int round = 0; round < 1000; round++) {
        for (int i = 0; i < 160; i++) {
            double t = 2.0 * DSP_PI * (double)(round * 160 + i) / 8000.0;
            samples[i] = (int16_t)(2000.0 * dsp_sin(50.1 * t) + 900.0 * dsp_sin(150.3 * t) + 300.0);
            samples[160 + i] = (int16_t)(round < 600 ? 1000.0 * dsp_sin(59.9 * t) + 500.0 * dsp_sin(2.0 * 59.9 * t) : 0.0);
            samples[320 + i] = exercise_sample(&random);
            samples[480 + i] = (int16_t)(round / 200 % 3 == 0 ? 32767 : round / 200 % 3 == 1 ? (i & 64 ? 32767 : -32768) : 0);
        }
        if (round == 400) hum_filter_remove(&hum, 0, 0);
        if (round == 500) hum_filter_remove(&hum, 0, 1);
        if (round == 800) hum_filter_reset(&hum, 3);
        hum_filter_process(&hum, samples, 160, round % 101 == 100 ? 0 : 160);
        hash = exercise_hash(hash, samples, sizeof samples);
        if (round % 50) continue;
        for (int lane = 0; lane < LANES; lane++) {
            hum_reading_t reading;
            hum_filter_read(&hum, lane, &reading);
            hash = exercise_hash(hash, &reading, sizeof reading);
        }
    }
    return hash;
}
