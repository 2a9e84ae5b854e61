#include "fax_tones.h"

#include "exercise.h"

/* A sine near each of the tones, from one half second to the next, or noise, silence or a constant. */
EXERCISE(fax_tones)
{
    static fax_tones_t tones;
    static const double frequencies[] = {1100.0, 2100.0, 1650.0, 1850.0, 1133.0, 2100.0, 425.0, 2090.0};
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 4};
    uint32_t hash = EXERCISE_HASH_START;
    fax_tones_init(&tones);
    for (int block = 0; block < 500; block++) {
        for (int lane = 0; lane < LANES; lane++) {
            int kind = (block / 26 + lane) % 11;
            for (int i = 0; i < 160; i++) {
                int16_t sample = exercise_sample(&random);
                if (kind == 9) sample = 32767;
                if (kind == 10) sample = i & 1 ? -32768 : 32767;
                if (kind < 8) {
                    /* HDLC flags on the third lane's turn of the modem's tones. */
                    double frequency = kind == 2 ? ((block * 160 + i) * 3 / 80 % 8 < 6 ? 1650.0 : 1850.0) : frequencies[kind];
                    sample = dsp_to_sample((float)(8000.0 * dsp_sin(2.0 * DSP_PI * frequency * (double)(block * 160 + i) / 8000.0)) + (float)(sample >> 6));
                }
                samples[lane * 160 + i] = sample;
            }
        }
        uint32_t waiting = fax_tones_push(&tones, samples, 160, 160);
        hash = exercise_hash(hash, &waiting, sizeof waiting);
        fax_tone_event_t event;
        for (int lane = 0; lane < LANES; lane++) {
            while (block % 3 == 0 && fax_tones_take(&tones, lane, &event)) hash = exercise_hash(hash, &event, sizeof event);
        }
        if (block == 300) fax_tones_reset(&tones, 2);
    }
    return hash;
}
