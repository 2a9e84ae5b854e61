#include "dtmf_receiver.h"

#include "dsp_math.h"
#include "exercise.h"

static const double low[4] = {697.0, 770.0, 852.0, 941.0}, high[4] = {1209.0, 1336.0, 1477.0, 1633.0};

/* A tick of one lane: digits, clean and with clicks, noise, a square wave, full scale of one sign. */
static int16_t sound(int kind, int digit, int at, exercise_random_t *random)
{
    double time = 2.0 * DSP_PI * at / DSP_SAMPLE_RATE_HZ;
    double tones = dsp_sin(low[digit >> 2] * time) + dsp_sin(high[digit & 3] * time);
    switch (kind) {
    case 0: return at % 397 == 0 ? 30000 : dsp_to_sample((float)(4000.0 * tones));
    case 1: return dsp_to_sample((float)(30000.0 * tones));
    case 2: return dsp_to_sample((float)(3000.0 * tones) + (float)(exercise_sample(random) / 16));
    case 3: return exercise_sample(random);
    case 4: return tones > 0.0 ? 32767 : -32768;
    case 5: return -32768;
    default: return 0;
    }
}

EXERCISE(dtmf_receiver)
{
    static dtmf_table_t table;
    static dtmf_receiver_t receiver;
    int16_t samples[LANES * 160];
    exercise_random_t random = {.state = 7};
    uint32_t hash = EXERCISE_HASH_START;
    dtmf_table_init(&table);
    hash = exercise_hash(hash, &table, sizeof table);
    dtmf_receiver_init(&receiver, &table);
    dtmf_receiver_set(&receiver, 1, -30.0f, 6.0f, 6.0f, 1, 0, 1);
    dtmf_receiver_set(&receiver, 2, -42.0f, 4.0f, 8.0f, 0, 1, 1);
    for (int tick = 0; tick < 400; tick++) {
        for (int l = 0; l < LANES; l++) {
            int part = (tick + l) / 3;
            for (int i = 0; i < 160; i++) samples[l * 160 + i] = sound(part % 2 ? 6 : part / 2 % 7, part % 16, tick * 160 + i, &random);
        }
        uint32_t waiting = dtmf_receiver_process(&receiver, samples, 160, tick % 9 == 8 ? 80 : 160);
        hash = exercise_hash(hash, &waiting, sizeof waiting);
        hash = exercise_hash(hash, samples, sizeof samples);
        dtmf_event_t event;
        /* Lane 3 is read too seldom. */
        for (int l = 0; l < (tick % 199 == 198 ? LANES : LANES - 1); l++)
            while (dtmf_receiver_take(&receiver, l, &event)) hash = exercise_hash(hash, &event, sizeof event);
        if (tick % 97 == 96) dtmf_receiver_reset(&receiver, tick % LANES);
    }
    uint32_t lost = dtmf_receiver_lost(&receiver, 3);
    return exercise_hash(hash, &lost, sizeof lost);
}
