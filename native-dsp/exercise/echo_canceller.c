#include "echo_canceller.h"

#include "exercise.h"

#define TICK 160

static _Alignas(16) uint8_t memory[400000];

/* Four lanes of four kinds of far signal through short echo paths; then overload, direct current and silence. */
static uint32_t exercise(int tail_ms, uint32_t hash)
{
    echo_canceller_t *canceller = (echo_canceller_t *)memory;
    exercise_random_t random = {.state = 1};
    int16_t far[LANES * TICK], near[LANES * TICK], out[LANES * TICK];
    float past[LANES][64] = {{0}};
    if (echo_canceller_size(tail_ms) > sizeof memory) return 0;
    echo_canceller_init(canceller, tail_ms);
    for (int tick = 0; tick < 100; tick++) {
        if (tick == 40) echo_canceller_reset(canceller, 1);
        if (tick == 60) echo_canceller_switch(canceller, 2, ECHO_SUPPRESS);
        for (int lane = 0; lane < LANES; lane++) {
            int shift = tick < 80 ? 3 + lane : 0;
            for (int i = 0; i < TICK; i++) {
                int at = lane * TICK + i;
                float *delayed = &past[lane][(tick * TICK + i) % 64];
                float echo = *delayed;
                far[at] = (int16_t)(exercise_sample(&random) >> shift);
                *delayed = 0.3f * (float)far[at] + 0.1f * echo;
                near[at] = dsp_to_sample(echo);
                if (tick >= 80 && tick < 90) near[at] = lane == 0 ? 32767 : (int16_t)(i % 20 < 10 ? 32767 : -32768);
            }
        }
        if (tick % 16 == 15) memset(far, 0, sizeof far);
        echo_canceller_process(canceller, far, TICK, near, TICK, out, TICK, TICK);
        hash = exercise_hash(hash, out, sizeof out);
    }
    for (int lane = 0; lane < LANES; lane++) hash = exercise_hash(hash, echo_canceller_read(canceller, lane), sizeof(echo_reading_t));
    return hash;
}

EXERCISE(echo_canceller)
{
    return exercise(128, exercise(64, exercise(32, EXERCISE_HASH_START)));
}
