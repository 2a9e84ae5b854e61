#include "fsk_receiver.h"

#include "dsp_math.h"
#include "exercise.h"

/* Random bits, noise, silence and extremes at many levels, to both modems. */
EXERCISE(fsk_receiver)
{
    static fsk_receiver_t receiver;
    int16_t samples[160];
    exercise_random_t random = {.state = 6};
    uint32_t hash = EXERCISE_HASH_START;
    double phase = 0.0;
    for (int modem = 0; modem < 2; modem++) {
        fsk_receiver_init(&receiver, modem);
        uint32_t bits = 0;
        for (int block = 0; block < 400; block++) {
            int kind = block / 40 % 10;
            float amplitude = kind == 3 ? 32767.0f : (float)(20 << kind);
            for (int i = 0; i < 160; i++) {
                int at = block * 160 + i;
                if (at * 3 / 20 != (at - 1) * 3 / 20) bits = at * 3 / 20 % 10 == 0 ? 0 : exercise_random(&random) & 1;
                phase += 2.0 * DSP_PI * (bits ? 1200.0 : 2200.0) / 8000.0;
                int16_t noise = exercise_sample(&random);
                samples[i] = dsp_to_sample(amplitude * (float)dsp_sin(phase) + (float)(noise >> 7));
                if (kind == 7) samples[i] = noise;
                if (kind == 8) samples[i] = i & 4 ? -32768 : 32767;
                if (kind == 9) samples[i] = block & 1 ? 32767 : 0;
            }
            fsk_receiver_push(&receiver, samples, block % 11 == 0 ? 33 : 160);
            fsk_symbol_t symbol;
            while (block % 13 == 0 && fsk_receiver_take(&receiver, &symbol)) hash = exercise_hash(hash, &symbol, sizeof symbol);
        }
    }
    return hash;
}
