#include "dsp_math.h"

#include "exercise.h"

EXERCISE(dsp_math)
{
    uint32_t hash = EXERCISE_HASH_START;
    for (int i = -4000; i <= 4000; i++) {
        double x = (double)i * 0.037;
        double results[] = {dsp_sin(x), dsp_cos(x), dsp_exp2(x), dsp_amplitude(x), dsp_log2((double)(i + 4001)), dsp_decibels((double)(i + 4001))};
        hash = exercise_hash(hash, results, sizeof results);
    }
    return hash;
}
