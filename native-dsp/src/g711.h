/*
 * ITU-T G.711: A-law and mu-law, bit-exact, and the conversion between them by tables 3 and 4. No state: any channel, any count.
 *
 * Linear samples have 16 bits: A-law works on the upper 13, mu-law on the upper 14 (the tables' values times 8 and times 4). A
 * value on a decision value belongs to the step above it, as an arithmetic shift has it; so negative ones are counted
 * from -1 down (ITU-T G.191), and a code decodes and encodes to itself, except the negative zero of mu-law.
 */
#ifndef TIPRING_G711_H
#define TIPRING_G711_H

#include "dsp.h"

void g711_encode_alaw(const int16_t *samples, uint8_t *payload, int count);
void g711_decode_alaw(const uint8_t *payload, int16_t *samples, int count);
void g711_encode_mulaw(const int16_t *samples, uint8_t *payload, int count);
void g711_decode_mulaw(const uint8_t *payload, int16_t *samples, int count);

/* In place is fine. */
void g711_alaw_to_mulaw(const uint8_t *from, uint8_t *to, int count);
void g711_mulaw_to_alaw(const uint8_t *from, uint8_t *to, int count);

#endif
