/*
 * What tones there are on four channels: the power of every 5 ms, from which cadences are read, and every 40 ms the strongest
 * components of the last 128 ms. Frequencies of a steady tone at 20 dB above noise are right to 1 Hz; components 25 Hz apart
 * (400*25 of the tables, 413+438) are told apart.
 *
 * `process` takes at most 160 samples a call. Hum and DC below 30 Hz are removed; components are looked for in 120…3500 Hz.
 */
#ifndef TIPRING_TONE_ANALYZER_H
#define TIPRING_TONE_ANALYZER_H

#include "tone_spectrum.h"

#define TONE_MOST_SAMPLES 160
#define TONE_BLOCK 40
#define TONE_HOP 320
#define TONE_PEAKS 4
#define TONE_MOST_BLOCKS 4

/* Powers as mean squares; 1.0 is 0 dBm0. */
typedef struct {
    float total;                    /* 120…3500 Hz */
    float count;                    /* of components */
    float frequency_hz[TONE_PEAKS]; /* the strongest first */
    float power[TONE_PEAKS];
} tone_frame_t;

typedef struct {
    samples4_t ring[TONE_WINDOW];
    uint32_t at;          /* samples so far */
    uint32_t next_frame;  /* at which sample */
    lanes_t last, level;  /* of the DC blocker */
    lanes_t energy;       /* of the block so far */
    uint32_t filled;      /* samples of the block so far */
    uint32_t blocks;      /* of `block`, by the last call */
    uint32_t frames;      /* by the last call: 0 or 1, ending with its last hop */
    uint32_t frame_end;   /* samples before the end of the last call where the frame ended */
    lanes_t loudest;      /* of the blocks since the last frame */
    float block[LANES][TONE_MOST_BLOCKS];
    tone_frame_t frame[LANES];
} tone_analyzer_t;

uint32_t tone_analyzer_size(void);
/* `group` spreads the spectra of groups over the ticks. */
void tone_analyzer_init(tone_analyzer_t *analyzer, uint32_t group);
/* A lane forgets what it heard: a new call. */
void tone_analyzer_reset(tone_analyzer_t *analyzer, int lane);
void tone_analyzer_process(tone_analyzer_t *analyzer, tone_spectrum_t *spectrum, const int16_t *samples, int stride, int count);
/* Floats: TONE_MOST_BLOCKS powers of 5 ms, the oldest first. */
const float *tone_analyzer_blocks(const tone_analyzer_t *analyzer, int lane);
const tone_frame_t *tone_analyzer_frame(const tone_analyzer_t *analyzer, int lane);
/* uint32_t[3]: blocks, frames and frame_end of the last call. */
const uint32_t *tone_analyzer_counts(const tone_analyzer_t *analyzer);

#endif
