/*
 * DTMF receiver of four channels, ITU-T Q.23 and Q.24.
 *
 * The audio is halved to 4 kHz (elliptic half-band filter), freed from dial tone and hum (elliptic high-pass, -34 dB below
 * 450 Hz) and looked at every 5 ms through a Hann window of 10 ms: eight complex amplitudes and the energy around them. A pair is
 * a digit when it holds nearly all of the energy, with an allowed level, twist and frequency (by the advance of phase between
 * windows), for long enough without a break.
 *
 *   quiet --good--> rising --long enough--> on --absent long enough, or another digit--> quiet
 *     ^---not good----'                      '--absent for a moment--> on
 */
#ifndef TIPRING_DTMF_RECEIVER_H
#define TIPRING_DTMF_RECEIVER_H

#include "dtmf_table.h"
#include "lanes.h"

#define DTMF_EVENTS 8 /* kept for each channel; further ones are lost and counted */

/* 0 and 1 of `kind`. */
enum { DTMF_BEGIN, DTMF_END };

typedef struct {
    uint32_t kind;
    uint32_t digit;    /* ASCII */
    uint32_t start;    /* sample since the reset at which the tone began, within 2 ms */
    uint32_t duration; /* samples; 0 at DTMF_BEGIN */
    float level_dbm0;  /* of the two tones together */
    float twist_db;    /* high tone over low tone */
} dtmf_event_t;

typedef struct {
    uint8_t at;
    uint8_t digit;  /* 4 × row + column */
    uint8_t hops;   /* good ones in a row while rising */
    uint8_t absent; /* hops without the tone while on */
    float reference[2];                    /* greatest squared amplitude of either tone */
    float sum[2], steady[2], missed[2];    /* amplitudes: of all hops, of the full ones after the first, not there in a break */
    float share[2];                        /* of the energy in the band, summed while rising */
    float real[2], imaginary[2];           /* advance of phase since the rise */
    uint32_t steady_hops[2];
    uint32_t start;
    dtmf_event_t event[DTMF_EVENTS];
    uint32_t first_event, events, lost;
    /* settings */
    uint8_t needed_hops, absent_hops;
    float share_in_mean, needed_length;
    bool mute;
} dtmf_lane_t;

typedef struct {
    const dtmf_table_t *table;
    lanes_t half_band[4];                  /* inputs and outputs of the two branches */
    lanes_t high_pass[4];
    lanes_t before[DTMF_HALF_HOP];         /* filtered samples of the hop before */
    lanes_t real[DTMF_FREQUENCIES], imaginary[DTMF_FREQUENCIES]; /* amplitudes of the window before */
    lanes_t variance;                      /* of the hop before, unfiltered */
    lanes_t minimum, high_over_low, low_over_high, share; /* settings: squared amplitudes and their ratios */
    uint32_t clock;                        /* samples since the init */
    uint32_t origin[LANES];                /* clock at the reset of the lane */
    dtmf_lane_t lane[LANES];
} dtmf_receiver_t;

uint32_t dtmf_receiver_size(void);
/* The table must outlive the receiver. All lanes have the usual settings (see dtmf_receiver_set). */
void dtmf_receiver_init(dtmf_receiver_t *receiver, const dtmf_table_t *table);
/* Forgets what was heard, and the events not taken; sample 0 is the next one. Settings stay. */
void dtmf_receiver_reset(dtmf_receiver_t *receiver, int lane);
/*
 * minimum_dbm0: level that each tone must have, -42 usually. high_over_low_db, low_over_high_db: twist, 4 and 8 usually.
 * short_tones: tones and pauses from 23 ms instead of 40 ms. dial_tone: dial tone may be 10 dB stronger than the digit, not only 3 dB weaker.
 * mute: the audio is silence from the second good window (10 to 18 ms after a tone began) until the digit has ended.
 */
void dtmf_receiver_set(dtmf_receiver_t *receiver, int lane, float minimum_dbm0, float high_over_low_db, float low_over_high_db,
                       uint32_t short_tones, uint32_t dial_tone, uint32_t mute);
/* `count` is a multiple of DTMF_HOP. Audio is changed only in lanes that mute. Returns a bit for each lane that has events. */
uint32_t dtmf_receiver_process(dtmf_receiver_t *receiver, int16_t *samples, int stride, int count);
/* The oldest event of the lane; false when there is none. */
uint32_t dtmf_receiver_take(dtmf_receiver_t *receiver, int lane, dtmf_event_t *event);
/* Events of the lane that found no room since its reset. */
uint32_t dtmf_receiver_lost(const dtmf_receiver_t *receiver, int lane);

#endif
