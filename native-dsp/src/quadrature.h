/*
 * One frequency of four channels, correlated over blocks of 40 samples (5 ms): what the tone detectors are made of. A block is
 * five parts of eight samples; about the middle of a part cosine is even and sine odd, so sums and differences of sample pairs
 * serve every frequency and half of the multiplications fall away. Nothing oscillates: phases count from the block's middle part,
 * and quadrature_step turns one block's phase into the next one's.
 */
#ifndef TIPRING_QUADRATURE_H
#define TIPRING_QUADRATURE_H

#include "dsp_math.h"
#include "lanes.h"

#define QUADRATURE_PART 8   /* samples */
#define QUADRATURE_PARTS 5
#define QUADRATURE_BLOCK (QUADRATURE_PART * QUADRATURE_PARTS)

typedef struct { lanes_t real, imaginary; } quadrature_t;

/* Pairs of samples about the middle of a part, the inmost first. */
typedef struct { lanes_t sum[QUADRATURE_PART / 2], difference[QUADRATURE_PART / 2]; } quadrature_part_t;

typedef struct {
    float cosine[QUADRATURE_PART / 2], sine[QUADRATURE_PART / 2];
    float turn_cosine[QUADRATURE_PARTS], turn_sine[QUADRATURE_PARTS]; /* of part k */
    float step_cosine, step_sine;                                     /* of a whole block */
} quadrature_tone_t;

static inline void quadrature_tone(quadrature_tone_t *tone, double frequency_hz)
{
    double step = 2.0 * DSP_PI * frequency_hz / DSP_SAMPLE_RATE_HZ;
    for (int i = 0; i < QUADRATURE_PART / 2; i++) {
        tone->cosine[i] = (float)dsp_cos(step * ((double)i + 0.5));
        tone->sine[i] = (float)dsp_sin(step * ((double)i + 0.5));
    }
    for (int part = 0; part < QUADRATURE_PARTS; part++) {
        double turn = step * (double)(QUADRATURE_PART * (part - QUADRATURE_PARTS / 2));
        tone->turn_cosine[part] = (float)dsp_cos(turn);
        tone->turn_sine[part] = (float)dsp_sin(turn);
    }
    tone->step_cosine = (float)dsp_cos(step * QUADRATURE_BLOCK);
    tone->step_sine = (float)dsp_sin(step * QUADRATURE_BLOCK);
}

static inline quadrature_part_t quadrature_part(const lanes_t samples[QUADRATURE_PART])
{
    quadrature_part_t part;
    for (int i = 0; i < QUADRATURE_PART / 2; i++) {
        part.sum[i] = samples[QUADRATURE_PART / 2 + i] + samples[QUADRATURE_PART / 2 - 1 - i];
        part.difference[i] = samples[QUADRATURE_PART / 2 + i] - samples[QUADRATURE_PART / 2 - 1 - i];
    }
    return part;
}

/* Of one part by itself, phase from its own middle: a sine of amplitude A gives 4·A. */
static inline quadrature_t quadrature_of_part(const quadrature_tone_t *tone, const quadrature_part_t *part)
{
    quadrature_t z = {part->sum[0] * tone->cosine[0], part->difference[0] * -tone->sine[0]};
    for (int i = 1; i < QUADRATURE_PART / 2; i++) {
        z.real += part->sum[i] * tone->cosine[i];
        z.imaginary -= part->difference[i] * tone->sine[i];
    }
    return z;
}

/* Adds part `index` to its block: a sine of amplitude A gives 20·A. */
static inline void quadrature_add(quadrature_t *block, const quadrature_tone_t *tone, quadrature_t part, int index)
{
    float cosine = tone->turn_cosine[index], sine = tone->turn_sine[index];
    block->real += part.real * cosine + part.imaginary * sine;
    block->imaginary += part.imaginary * cosine - part.real * sine;
}

static inline lanes_t quadrature_power(quadrature_t z) { return z.real * z.real + z.imaginary * z.imaginary; }

/* A complex number of one channel. */
typedef struct { float real, imaginary; } phasor_t;

static inline phasor_t quadrature_lane(const quadrature_t *z, int lane) { return (phasor_t){z->real[lane], z->imaginary[lane]}; }
static inline float phasor_power(phasor_t a) { return a.real * a.real + a.imaginary * a.imaginary; }

/* a · conjugate(b) */
static inline phasor_t phasor_against(phasor_t a, phasor_t b)
{
    return (phasor_t){a.real * b.real + a.imaginary * b.imaginary, a.imaginary * b.real - a.real * b.imaginary};
}

/* How far the phase of `now` is ahead of where the tone itself would have brought `before`, the block before it. */
static inline phasor_t quadrature_advance(const quadrature_tone_t *tone, phasor_t now, phasor_t before)
{
    return phasor_against(phasor_against(now, before), (phasor_t){tone->step_cosine, tone->step_sine});
}

#endif
