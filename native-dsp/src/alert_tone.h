/*
 * The dual tone that announces caller ID, for four channels: CAS of a call waiting (ANSI/TIA-777: 2130 and 2750 Hz for 80-85 ms) and
 * the DT-AS of ETSI EN 300 659 (off-hook 75-85 ms, on-hook 100 ± 10 ms). Safe against speech of either side. From 8 kHz samples in
 * counts that are multiples of 40 (5 ms).
 */
#ifndef TIPRING_ALERT_TONE_H
#define TIPRING_ALERT_TONE_H

#include "lanes.h"
#include "quadrature.h"

typedef struct {
    uint32_t at;         /* where it began, in samples since the lane was reset; modulo 2^32 */
    float duration_ms;   /* to 5 ms */
    float low_dbm0, high_dbm0;
} alert_tone_event_t;

typedef struct {
    uint32_t began;
    int32_t blocks, missed, heard;
    phasor_t low_last, high_last;
    phasor_t low_advance, high_advance; /* sums of the advances from block to block */
    float low_length, high_length;      /* what they would be, did all point the same way */
    float low_power, high_power;
    float amplitude;                    /* of both tones together, summed */
    float first, last;                  /* that of the blocks before and after, which it may fill in part */
} alert_tone_track_t;

typedef struct {
    quadrature_tone_t low, high;
    lanes_t before[2];       /* the last two samples */
    float low_gain, high_gain; /* of a tone's power, in a block */
    lanes_t amplitude;         /* of both tones in the last block */
    uint32_t now, reset_at[LANES];
    alert_tone_track_t track[LANES];
    alert_tone_event_t event[LANES];
    bool told[LANES];
} alert_tone_t;

uint32_t alert_tone_size(void);
void alert_tone_init(alert_tone_t *alert);
void alert_tone_reset(alert_tone_t *alert, int lane);
/* `count` is a multiple of 40. Returns a bit for each lane that has an event: told 10 ms after the alert has ended. */
uint32_t alert_tone_push(alert_tone_t *alert, const int16_t *samples, int stride, int count);
/* False when there is none; of two that nobody took the last is kept. */
bool alert_tone_take(alert_tone_t *alert, int lane, alert_tone_event_t *event);

#endif
