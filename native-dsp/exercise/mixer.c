#include "mixer.h"

#include "exercise.h"

EXERCISE(mixer)
{
    enum { members = 37, samples = 160 };
    static _Alignas(16) uint8_t mixer_memory[sizeof(mixer_t) + members * 4], group_memory[sizeof(mixer_group_t) + members * 12];
    static int16_t spoken[members * samples], given[members * samples];
    mixer_t *mixer = (mixer_t *)(void *)mixer_memory;
    mixer_group_t *group = (mixer_group_t *)(void *)group_memory;
    exercise_random_t random = {.state = 5};
    uint32_t hash = EXERCISE_HASH_START;
    if (mixer_size(members) > sizeof mixer_memory || mixer_group_size(members) > sizeof group_memory) return 0;
    mixer_init(mixer, members, 8000.0f);
    mixer_group_init(group, members);
    for (int round = 0; round < 120; round++) {
        int seat = (int)(exercise_random(&random) % members), other = (int)(exercise_random(&random) % members);
        mixer_group_seat(group, seat, round % 5 == 4 ? -1 : seat);
        mixer_group_hear(group, seat, other, round % 3 == 0);
        if (round % 11 == 0) mixer_reset(mixer, other);
        /* Quiet, full scale all together, and in between. */
        for (int i = 0; i < members * samples; i++) spoken[i] = (int16_t)(round % 7 == 0 ? 32767 : round % 7 == 1 ? -32768 : exercise_sample(&random) >> (round % 7));
        mixer_mix(mixer, group, spoken, given, samples, round % 13 == 0 ? 0 : samples);
        hash = exercise_hash(hash, given, sizeof given);
        /* A room of every third channel, of which some only listen. */
        int32_t channels[members], speaks[members];
        int count = 0;
        for (int channel = round % 3; channel < members; channel += 3) {
            channels[count] = channel;
            speaks[count++] = (channel + round) % 4 != 0;
        }
        mixer_room(mixer, channels, speaks, count, spoken, given, samples, round % 17 == 0 ? -1 : samples);
        hash = exercise_hash(hash, given, sizeof given);
    }
    return hash;
}
