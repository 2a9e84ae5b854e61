/*
 * Four channels side by side: lane l of a vector belongs to channel l of a group. One vector operation works for four
 * channels, with no shuffles and no remainder loops, which is what makes the WASM build fast (FACTS: about three times).
 *
 * Samples arrive planar: channel l of the group at `samples + l * stride`.
 */
#ifndef TIPRING_LANES_H
#define TIPRING_LANES_H

#include "dsp.h"

#define LANES 4

typedef float lanes_t __attribute__((vector_size(4 * LANES)));
typedef int32_t lane_mask_t __attribute__((vector_size(4 * LANES)));

/* Not a loop over the lanes: clang makes one instruction of this, and ten times slower code of the loop. */
static inline lanes_t lanes_splat(float value) { return value - (lanes_t){0}; }

/* Where a comparison was true (all bits set) the first, elsewhere the second. */
static inline lanes_t lanes_select(lane_mask_t where, lanes_t yes, lanes_t no)
{
    return (lanes_t)(((lane_mask_t)yes & where) | ((lane_mask_t)no & ~where));
}

static inline lanes_t lanes_max(lanes_t a, lanes_t b) { return lanes_select(a > b, a, b); }
static inline lanes_t lanes_min(lanes_t a, lanes_t b) { return lanes_select(a < b, a, b); }
static inline lanes_t lanes_abs(lanes_t a) { return (lanes_t)((lane_mask_t)a & 0x7fffffff); }
static inline bool lanes_any(lane_mask_t mask) { return (mask[0] | mask[1] | mask[2] | mask[3]) != 0; }

/* Correctly rounded either way. */
static inline lanes_t lanes_sqrt(lanes_t a)
{
#ifdef __wasm__
    return __builtin_elementwise_sqrt(a);
#else
    return (lanes_t){__builtin_sqrtf(a[0]), __builtin_sqrtf(a[1]), __builtin_sqrtf(a[2]), __builtin_sqrtf(a[3])};
#endif
}

/* Sample `index` of the four channels. */
static inline lanes_t lanes_load(const int16_t *samples, int stride, int index)
{
    const int16_t *at = samples + index;
    return (lanes_t){(float)at[0], (float)at[stride], (float)at[2 * stride], (float)at[3 * stride]};
}

static inline void lanes_store(int16_t *samples, int stride, int index, lanes_t value)
{
    int16_t *at = samples + index;
    at[0] = dsp_to_sample(value[0]);
    at[stride] = dsp_to_sample(value[1]);
    at[2 * stride] = dsp_to_sample(value[2]);
    at[3 * stride] = dsp_to_sample(value[3]);
}

#endif
