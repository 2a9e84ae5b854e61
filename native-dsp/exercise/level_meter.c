#include "level_meter.h"

#include "exercise.h"

EXERCISE(level_meter)
{
    static level_meter_t meter;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 9};
    uint32_t hash = EXERCISE_HASH_START;
    level_meter_init(&meter);
    for (int round = 0; round < 300; round++) {
        for (int i = 0; i < LANES * 160; i++) {
            samples[i] = (int16_t)(round / 20 % 4 == 0 ? 0 : round / 20 % 4 == 1 ? 32767 : round / 20 % 4 == 2 ? (i & 8 ? 32767 : -32768) : exercise_sample(&random));
        }
        if (round % 90 == 89) level_meter_reset(&meter, round % LANES);
        if (round % 50 == 7) level_meter_threshold(&meter, round % LANES, (float)(round % 60) - 50.0f);
        level_meter_push(&meter, samples, 160, round % 23 == 0 ? 0 : 160);
        if (round % 3) continue;
        level_reading_t reading;
        level_meter_take(&meter, round / 3 % LANES, &reading);
        hash = exercise_hash(hash, &reading, sizeof reading);
    }
    return hash;
}
