/*
 * Concealment of lost packets by waveform substitution, after ITU-T G.711 Appendix I, of one channel. The lost signal is filled with
 * the last pitch period (then two, then three of them), which fades from 10 ms on and is silent at 60 ms; both seams are overlapped.
 *
 * Delays the signal by 3.75 ms, a quarter of the longest period: the seam at the beginning needs it. At 16 kHz all lengths in time stay
 * as they are; the Appendix is for 8 kHz, so that is its method and not its conformance (G.722 has other ones, Appendices III and IV).
 */
#ifndef TIPRING_PLC_H
#define TIPRING_PLC_H

#include "lanes.h"

/* In samples at 8 kHz (I.2.1 to I.2.7); twice as many at 16 kHz. */
#define PLC_HISTORY 390
#define PLC_PITCH_SHORTEST 40
#define PLC_PITCH_LONGEST 120
#define PLC_DELAY (PLC_PITCH_LONGEST / 4)
#define PLC_FRAME 80
#define PLC_LARGEST_RATE 2

/* A walk through the last `periods` of what was heard, again and again. */
typedef struct { int32_t periods, position; } plc_walk_t;

typedef struct {
    int16_t heard[PLC_HISTORY * PLC_LARGEST_RATE];  /* the signal, the newest last; the last 3.75 ms have not been put out */
    int16_t before[PLC_HISTORY * PLC_LARGEST_RATE]; /* the same at the beginning of this gap */
    int32_t scale;       /* 1 at 8 kHz, 2 at 16 kHz */
    int32_t lost;        /* samples in this gap; 0 while all is well */
    int32_t pitch;       /* samples of a period */
    plc_walk_t walk;     /* what is repeated now … */
    plc_walk_t last;     /* … and what was before another period was taken in, */
    int32_t overlapping; /* for so many samples more */
    uint32_t concealed;  /* samples since the beginning */
} plc_t;

uint32_t plc_size(void);
/* 8000 or 16000 Hz. */
void plc_init(plc_t *plc, int rate_hz);
/* Samples that came, in place: what is left there is 3.75 ms older. */
void plc_received(plc_t *plc, int16_t *samples, int count);
/* Samples instead of those that did not come. */
void plc_missing(plc_t *plc, int16_t *samples, int count);
uint32_t plc_concealed(const plc_t *plc);

#endif
