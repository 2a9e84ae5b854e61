/*
 * What noise on a telephone channel is weighed with, four channels at 8 kHz: C-message (IEEE 743, ITU-T O.41 Annex A) and
 * psophometric (O.41 table 1). Recursive, fitted to the tables; within their tolerances at every frequency they list up to 3.5 kHz.
 */
#ifndef TIPRING_WEIGHTING_H
#define TIPRING_WEIGHTING_H

#include "lanes.h"

#define WEIGHTING_SECTIONS 4

typedef struct { lanes_t first, second; } weighting_section_t;
typedef struct { weighting_section_t sections[WEIGHTING_SECTIONS]; } weighting_t;

/* 1 + b1·z⁻¹ + b2·z⁻² over 1 + a1·z⁻¹ + a2·z⁻². */
typedef struct { float b1, b2, a1, a2; } weighting_taps_t;
typedef struct {
    float gain;
    int32_t count;
    weighting_taps_t sections[WEIGHTING_SECTIONS];
} weighting_curve_t;

/* Unity at 1000 Hz. Largest error: 0.18 dB at 3.5 kHz, elsewhere 0.13 dB. */
static const weighting_curve_t weighting_c_message = {
    .gain = 0.476343462f,
    .count = 3,
    .sections = {
        {-2.0f, 1.0f, -1.604809f, 0.659609673f},
        {-0.207992361f, -0.792007639f, 0.333304844f, 0.101337708f},
        {-0.661350003f, 0.262137242f, -1.14679666f, 0.553606976f},
    },
};

/* Unity at 800 Hz. Largest error: 0.4 dB at 200 Hz, a fifth of the tolerance. */
static const weighting_curve_t weighting_psophometric = {
    .gain = 0.454539857f,
    .count = 4,
    .sections = {
        {-2.0f, 1.0f, -1.87805361f, 0.888365306f},
        {-0.94592594f, 0.0f, -1.71452026f, 0.777177074f},
        {-1.2081716f, 0.248048047f, 0.59375243f, 0.0f},
        {-0.0973022232f, -0.802747502f, -1.08957093f, 0.478047844f},
    },
};

static inline lanes_t weighting_step(weighting_t *weighting, const weighting_curve_t *curve, lanes_t sample)
{
    lanes_t value = sample * lanes_splat(curve->gain);
    for (int i = 0; i < curve->count; i++) {
        const weighting_taps_t *taps = &curve->sections[i];
        weighting_section_t *section = &weighting->sections[i];
        lanes_t in = value;
        value += section->first;
        section->first = section->second + in * lanes_splat(taps->b1) - value * lanes_splat(taps->a1);
        section->second = in * lanes_splat(taps->b2) - value * lanes_splat(taps->a2);
    }
    return value;
}

/* At the end of a block: what has faded away becomes nothing, as numbers too small to be normal are slow. */
void weighting_settle(weighting_t *weighting);
void weighting_reset(weighting_t *weighting, int lane);

#endif
