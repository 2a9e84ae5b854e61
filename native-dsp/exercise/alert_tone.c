#include "alert_tone.h"

#include "exercise.h"

EXERCISE(alert_tone)
{
    static alert_tone_t alert;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 5};
    uint32_t hash = EXERCISE_HASH_START;
    alert_tone_init(&alert);
    for (int block = 0; block < 200; block++) {
        for (int i = 0; i < 160; i++) {
            int at = block * 160 + i;
            double tone = at % 4000 < 680 ? dsp_sin(2.0 * DSP_PI * 2130.0 * (double)at / 8000.0) + dsp_sin(2.0 * DSP_PI * 2750.0 * (double)at / 8000.0) : 0.0;
            samples[i] = dsp_to_sample((float)(3000.0 * tone));
            samples[160 + i] = dsp_to_sample((float)(600.0 * tone) + (float)(exercise_sample(&random) >> 8));
            samples[320 + i] = exercise_sample(&random);
            samples[480 + i] = block % 5 == 0 ? 32767 : i & 1 ? -32768 : 32767;
        }
        uint32_t waiting = alert_tone_push(&alert, samples, 160, block % 7 == 0 ? 80 : 160);
        hash = exercise_hash(hash, &waiting, sizeof waiting);
        alert_tone_event_t event;
        for (int lane = 0; lane < LANES; lane++) {
            if (alert_tone_take(&alert, lane, &event)) hash = exercise_hash(hash, &event, sizeof event);
        }
        if (block == 100) alert_tone_reset(&alert, 0);
    }
    return hash;
}
