/*
 * Gain of four channels, with a count of clipped samples: the software half of a port's level setting.
 */
#ifndef TIPRING_GAIN_H
#define TIPRING_GAIN_H

#include "lanes.h"

typedef struct {
    lanes_t factor;         /* amplitude, in effect */
    lanes_t target;         /* where it is going: a step would click */
    uint32_t clipped[LANES]; /* samples that did not fit, since the lane was set */
} gain_t;

uint32_t gain_size(void);
void gain_init(gain_t *gain);
/* At once, and the lane's count of clipped samples is zero again. */
void gain_set(gain_t *gain, int lane, float db);
/* From the next sample on, within 20 ms. */
void gain_slide(gain_t *gain, int lane, float db);
/* In place; `stride` is in samples. */
void gain_process(gain_t *gain, int16_t *samples, int stride, int count);
uint32_t gain_clipped(const gain_t *gain, int lane);

#endif
