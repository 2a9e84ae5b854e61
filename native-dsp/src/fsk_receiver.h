/*
 * Asynchronous 1200 bit/s FSK of caller ID, one channel: Bell 202 (ANSI/TIA-777, GR-30) and V.23 (ETSI EN 300 659-1). Two
 * quadrature correlators a bit long; a character is placed by what fits its ten bits best, so that no single noisy edge decides.
 * Characters are 8 bits, least significant first, between a start bit (space) and a stop bit (mark).
 */
#ifndef TIPRING_FSK_RECEIVER_H
#define TIPRING_FSK_RECEIVER_H

#include "dsp.h"

typedef enum {
    FSK_BELL_202 = 0, /* mark 1200 Hz, space 2200 Hz */
    FSK_V23 = 1,      /* mark 1300 Hz, space 2100 Hz */
} fsk_modem_t;

typedef enum {
    FSK_SYMBOL_CHARACTER = 1,
    FSK_SYMBOL_BROKEN = 2,       /* the stop bit was no mark */
    FSK_SYMBOL_CARRIER = 3,      /* a signal has come */
    FSK_SYMBOL_CARRIER_LOST = 4,
} fsk_symbol_kind_t;

typedef struct {
    int32_t kind;      /* fsk_symbol_kind_t */
    int32_t value;     /* the character, 0 … 255 */
    uint32_t at;       /* its start bit, or where the carrier changed; samples since reset, modulo 2^32 */
    float mark_bits;   /* of mark between the character before (or the carrier's coming) and this one */
    float level_dbm0;
} fsk_symbol_t;

#define FSK_RING 128 /* samples; a character has 66.7 */
#define FSK_SYMBOLS 64

typedef struct {
    int32_t modem;
    float mark_cosine[4], mark_sine[4], space_cosine[4], space_sine[4];
    float history[6];            /* the last samples, the newest last */
    float differences[FSK_RING]; /* of the tones' amplitudes, positive for mark; three samples behind the line */
    float spaces[FSK_RING];
    float middle;                /* of their difference, between what it is in mark and in space */
    float power;                 /* of both tones, over about 3 ms */
    uint32_t now, scan;          /* samples pushed; where edges are looked for */
    bool carrier;
    bool framing;                /* a start edge was found at scan + edge, */
    bool expected;               /* or is expected there because a character has just ended */
    float edge;
    uint32_t idle_from;          /* where mark began */
    fsk_symbol_t symbols[FSK_SYMBOLS];
    uint32_t told, taken;
} fsk_receiver_t;

uint32_t fsk_receiver_size(void);
void fsk_receiver_init(fsk_receiver_t *receiver, int modem);
/* True when there is something to take. */
bool fsk_receiver_push(fsk_receiver_t *receiver, const int16_t *samples, int count);
/* The oldest symbol; false when there is none. Of more than 64 that nobody took (half a second) the oldest are lost. */
bool fsk_receiver_take(fsk_receiver_t *receiver, fsk_symbol_t *symbol);

#endif
