/*
 * The tones by which a fax machine or a modem tells what it is, for four channels: CNG, CED, ANSam and the preamble of V.21
 * channel 2. From 8 kHz samples in counts that are multiples of 40 (5 ms); the channels' clocks run together.
 */
#ifndef TIPRING_FAX_TONES_H
#define TIPRING_FAX_TONES_H

#include "lanes.h"
#include "quadrature.h"

typedef enum {
    FAX_TONE_CNG = 1,            /* T.30: 1100 Hz for 0.5 s; told when such a burst has ended */
    FAX_TONE_CED = 2,            /* T.30, V.25 ANS: 2100 Hz; told after 300 ms */
    FAX_TONE_CED_REVERSED = 3,   /* V.25: the same with phase reversals, told after two of them (follows CED) */
    FAX_TONE_ANSAM = 4,          /* V.8: 2100 Hz modulated by 15 Hz; told after 300 ms */
    FAX_TONE_ANSAM_REVERSED = 5, /* the same with phase reversals, told after two of them (follows ANSAM) */
    FAX_TONE_V21_PREAMBLE = 6,   /* T.30 5.3.1: HDLC flags at 300 bit/s in V.21 channel 2; told after six */
} fax_tone_kind_t;

typedef struct {
    int32_t kind;      /* fax_tone_kind_t */
    uint32_t at;       /* where it began, in samples since the lane was reset; modulo 2^32 */
    float level_dbm0;
} fax_tone_event_t;

#define FAX_TONE_EVENTS 8

/* A steady tone, followed block by block. */
typedef struct {
    uint32_t began;        /* sample */
    int32_t blocks;        /* since it began; 0: there is none */
    int32_t missed;        /* of them the last ones in a row without the tone */
    phasor_t last, before; /* the last two blocks */
    phasor_t advance;      /* sum of the advances from block to block: its angle is the deviation in frequency */
    float advance_length;  /* what |advance| would be, did all point the same way */
    float power;           /* sum over the blocks that had it */
    int32_t heard;         /* how many those were */
} fax_tone_track_t;

typedef struct {
    phasor_t wave;         /* the envelope's component at 15 Hz */
    float mean;            /* and its sum */
    int32_t answer;        /* fax_tone_kind_t already told; 0: none yet */
    uint32_t reversed;     /* sample of the last phase reversal */
    int32_t reversals;
} fax_tone_answer_t;

typedef struct {
    uint32_t began;        /* sample where the run of flags began */
    uint32_t edge;         /* sample of the last edge between mark and space */
    float edge_fraction;   /* and what is to be added to it */
    int32_t flags;         /* in a row */
    bool space_fits;       /* the last space was that of a flag */
} fax_tone_flags_t;

typedef struct {
    quadrature_tone_t cng, ced, v21;
    quadrature_t v21_parts[2], v21_last;
    lanes_t energies[2], sums[2];
    lanes_t discriminator;
    lanes_t v21_share; /* how much of the time the energy lay there, and its power, over about 30 ms */
    lanes_t v21_level;
    uint32_t now; /* samples of the group */
    uint32_t reset_at[LANES];
    fax_tone_track_t cng_track[LANES], ced_track[LANES];
    fax_tone_answer_t answer[LANES];
    fax_tone_flags_t flags[LANES];
    fax_tone_event_t events[LANES][FAX_TONE_EVENTS];
    uint32_t told[LANES], taken[LANES];
} fax_tones_t;

uint32_t fax_tones_size(void);
void fax_tones_init(fax_tones_t *tones);
/* Forgets what the lane has heard and what it has not yet told. */
void fax_tones_reset(fax_tones_t *tones, int lane);
/* `count` is a multiple of 40; `stride` is in samples. Returns a bit for each lane that has something to tell. */
uint32_t fax_tones_push(fax_tones_t *tones, const int16_t *samples, int stride, int count);
/* The oldest event of the lane; false when there is none. Of more than eight that nobody took the oldest are lost. */
bool fax_tones_take(fax_tones_t *tones, int lane, fax_tone_event_t *event);

#endif
