/*
 * Voice activity of four channels: energy of five bands over the background of each, with hangover. Of no standard: those of G.729
 * Annex B and the like need their codec's parameters, and all that is asked here is to leave out what nobody said.
 *
 * Errs towards speech: a background louder than -30 dBm0 is never taken for silence.
 */
#ifndef TIPRING_VAD_H
#define TIPRING_VAD_H

#include "lanes.h"

/* Frames of 10 ms, in samples at 8 kHz; twice as many at 16 kHz. */
#define VAD_FRAME 80
#define VAD_BANDS 5
/* The background is the lowest level of the last four of these, in frames: 2.4 s. */
#define VAD_WINDOW 60
#define VAD_WINDOWS 4

typedef struct {
    lanes_t low_pass[VAD_BANDS - 1]; /* one-pole filters, one octave apart */
    lanes_t energy[VAD_BANDS];       /* sums of this frame */
    float split[VAD_BANDS - 1];      /* their coefficients */
    int32_t scale, collected;        /* samples of this frame */
    float last[LANES][VAD_BANDS], smooth[LANES][VAD_BANDS];
    float lowest[LANES][VAD_WINDOWS][VAD_BANDS]; /* of each window; [0] is the present one */
    int32_t frames[LANES];           /* of the present window */
    int32_t burst[LANES], hangover[LANES];
    bool started[LANES], active[LANES];
} vad_t;

uint32_t vad_size(void);
/* 8000 or 16000 Hz. */
void vad_init(vad_t *vad, int rate_hz);
/* For another call; the lane hears speech until it knows its background. */
void vad_reset(vad_t *vad, int lane);
void vad_process(vad_t *vad, const int16_t *samples, int stride, int count);
/* By the last whole frame of 10 ms, with hangover. */
bool vad_active(const vad_t *vad, int lane);

#endif
