/* What a second of quiet blocks says of a line's hum: the judgement behind hum_filter.h. */
#ifndef TIPRING_HUM_VERDICT_H
#define TIPRING_HUM_VERDICT_H

#include "hum_filter.h"

/* A block of 100 ms at 2 kHz; ten of them a second. */
#define HUM_BLOCK_SAMPLES 200
#define HUM_SECOND_BLOCKS 10

/* Multiples of 10 Hz: eight harmonics of 50 Hz, seven of 60. */
static const uint8_t hum_bins[HUM_BINS] = {5, 10, 15, 20, 25, 30, 35, 40, 6, 12, 18, 24, 30, 36, 42};

/* No hum is known of the lane. */
void hum_verdict_clear(hum_filter_t *hum, int lane);
/* From the pairs of blocks that were gathered: which harmonics there are, and which are to be removed. */
void hum_verdict_judge(hum_filter_t *hum, int lane);
/* From the second's mean. */
void hum_verdict_offset(hum_filter_t *hum, int lane);

#endif
