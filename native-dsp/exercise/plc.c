#include "plc.h"

#include "exercise.h"

EXERCISE(plc)
{
    static plc_t plc;
    int16_t samples[320];
    exercise_random_t random = {.state = 711};
    uint32_t hash = EXERCISE_HASH_START;
    for (int rate = 8000; rate <= 16000; rate += 8000) {
        plc_init(&plc, rate);
        for (int round = 0; round < 80; round++) {
            int count = (int)(exercise_random(&random) % 321), period = 1 + (int)(exercise_random(&random) % 200);
            if (exercise_random(&random) % 3 == 0) plc_missing(&plc, samples, count);
            else {
                for (int i = 0; i < count; i++) samples[i] = round % 4 == 0 ? exercise_sample(&random) : i % period < period / 2 ? 32767 : -32768;
                plc_received(&plc, samples, count);
            }
            hash = exercise_hash(hash, samples, (size_t)count * 2);
        }
        uint32_t concealed = plc_concealed(&plc);
        hash = exercise_hash(hash, &concealed, sizeof concealed);
    }
    return hash;
}
