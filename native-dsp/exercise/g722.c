#include "g722.h"

#include "exercise.h"

EXERCISE(g722)
{
    static g722_t encoder, decoder, stranger;
    int16_t samples[640];
    uint8_t payload[320];
    exercise_random_t random = {.state = 722};
    uint32_t hash = EXERCISE_HASH_START;
    g722_init(&encoder);
    g722_init(&decoder);
    g722_init(&stranger);
    for (int round = 0; round < 60; round++) {
        int bytes = round % 7 == 0 ? 320 : round % 5 == 0 ? 1 : 160, loudness = round % 17;
        /* Noise of all levels, full-scale square waves, steady maxima. */
        for (int i = 0; i < 640; i++) {
            samples[i] = (int16_t)(exercise_sample(&random) >> (loudness < 16 ? loudness : 0));
            if (round % 11 == 3) samples[i] = i % 40 < 20 ? 32767 : -32768;
            if (round % 11 == 4) samples[i] = -32768;
        }
        g722_encode(&encoder, samples, payload, bytes);
        hash = exercise_hash(hash, payload, (size_t)bytes);
        g722_decode(&decoder, payload, samples, bytes);
        hash = exercise_hash(hash, samples, (size_t)bytes * 4);
        for (int i = 0; i < 320; i++) payload[i] = (uint8_t)exercise_random(&random);
        g722_decode(&stranger, payload, samples, bytes);
        hash = exercise_hash(hash, samples, (size_t)bytes * 4);
    }
    return hash;
}
