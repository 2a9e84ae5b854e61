#include "fsk_sender.h"

#include "exercise.h"

EXERCISE(fsk_sender)
{
    static fsk_sender_t sender;
    int16_t samples[160];
    exercise_random_t random = {.state = 7};
    uint32_t hash = EXERCISE_HASH_START;
    fsk_sender_init(&sender);
    fsk_sender_take(&sender, samples, 160);
    hash = exercise_hash(hash, samples, sizeof samples);
    for (int round = 0; round < 6; round++) {
        fsk_sending_t *sending = fsk_sender_sending(&sender);
        *sending = (fsk_sending_t){
            .modem = round & 1,
            .level_dbm0 = round == 4 ? 40.0f : round == 5 ? __builtin_nanf("") : -13.5f,
            .seizure_bits = round == 3 ? -7 : 300,
            .mark_bits = round == 3 ? 2147483647 : 180,
            .between_bits = round,
            .trailing_bits = 3,
            .length = round == 2 ? 100000 : 20,
        };
        for (int i = 0; i < FSK_SENDER_BYTES; i++) sending->bytes[i] = (uint8_t)exercise_random(&random);
        fsk_sender_start(&sender);
        for (int block = 0; block < 60; block++) {
            int sent = fsk_sender_take(&sender, samples, 160);
            hash = exercise_hash(hash, samples, sizeof samples);
            hash = exercise_hash(hash, &sent, sizeof sent);
        }
    }
    return hash;
}
