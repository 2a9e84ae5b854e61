/*
 * Sends what fsk_receiver reads: channel seizure, mark, characters of 8 bits with start and stop bit, phase-continuous.
 * ETSI EN 300 659-1 and ANSI/TIA-777: seizure of 300 alternating bits from 0 to 1 and 180 bits of mark on-hook; no seizure and
 * 80 bits of mark off-hook.
 */
#ifndef TIPRING_FSK_SENDER_H
#define TIPRING_FSK_SENDER_H

#include "dsp.h"
#include "fsk_receiver.h"

#define FSK_SENDER_BYTES 264 /* the longest message has 258 */

typedef struct {
    int32_t modem;
    float level_dbm0;
    int32_t seizure_bits;  /* beginning with space, as each character does */
    int32_t mark_bits;
    int32_t between_bits;  /* mark after each stop bit (mark stuffing) */
    int32_t trailing_bits; /* mark after the last stop bit */
    int32_t length;        /* of `bytes`, at most FSK_SENDER_BYTES */
    uint8_t bytes[FSK_SENDER_BYTES];
} fsk_sending_t;

typedef struct {
    fsk_sending_t sending;
    int32_t bit, bits;      /* the one being sent, of how many; at the end all are sent */
    int32_t bit_left;       /* of this bit, in 1/3 samples: a bit has 20 */
    uint32_t phase;         /* 2^32 is a turn */
    uint32_t mark_step, space_step; /* a third of a sample */
    float amplitude;
} fsk_sender_t;

uint32_t fsk_sender_size(void);
void fsk_sender_init(fsk_sender_t *sender);
/* Where the caller describes the next message before fsk_sender_start. */
fsk_sending_t *fsk_sender_sending(fsk_sender_t *sender);
/* Begins it, whatever was being sent. Lengths out of range are brought into it. */
void fsk_sender_start(fsk_sender_t *sender);
/* Writes `count` samples, silence after the end; returns how many belong to the message. */
int fsk_sender_take(fsk_sender_t *sender, int16_t *samples, int count);

#endif
