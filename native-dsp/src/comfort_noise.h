/*
 * Comfort noise by RFC 3389: background described by a level and reflection coefficients, and noise made from such a description.
 * One channel, any sample rate: describer and generator only need to agree.
 */
#ifndef TIPRING_COMFORT_NOISE_H
#define TIPRING_COMFORT_NOISE_H

#include "dsp.h"

/* The most coefficients used; a payload may carry more, which refine nothing that could be heard. */
#define COMFORT_NOISE_ORDER 10

/* Describes what it hears. */
typedef struct {
    float correlation[COMFORT_NOISE_ORDER + 1]; /* of the background, mean of about 200 ms */
    int16_t tail[COMFORT_NOISE_ORDER];          /* the last samples of the block before */
    bool heard;
} noise_profile_t;

uint32_t noise_profile_size(void);
void noise_profile_init(noise_profile_t *profile);
/* A block of background; the caller leaves speech out. */
void noise_profile_listen(noise_profile_t *profile, const int16_t *samples, int count);
/* The payload of RFC 3389 with at most `order` coefficients. Returns its bytes: order + 1, or 1 where nothing was heard. */
int noise_profile_describe(const noise_profile_t *profile, uint8_t *payload, int order);

/* Makes noise. */
typedef struct {
    float reflection[COMFORT_NOISE_ORDER], target[COMFORT_NOISE_ORDER];
    float level, target_level; /* root mean square of the excitation */
    float memory[COMFORT_NOISE_ORDER];
    uint32_t random;
} comfort_noise_t;

uint32_t comfort_noise_size(void);
/* Silent until told. Two channels with the same seed make the same noise. */
void comfort_noise_init(comfort_noise_t *noise, uint32_t seed);
/* Any bytes; the first description is taken at once, others are reached in about 20 ms. Without bytes nothing changes. */
void comfort_noise_follow(comfort_noise_t *noise, const uint8_t *payload, int bytes);
void comfort_noise_fill(comfort_noise_t *noise, int16_t *samples, int count);

#endif
