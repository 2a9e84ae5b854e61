/*
 * The mix of a conference: the sum of all members is made once, and each member is given it without itself and without whom it
 * is not to hear. Where a sum would not fit, a limiter lowers the gain instead of clipping.
 *
 * A mixer serves all conferences of a worker. Its channels are rows of audio, all of one sampling rate; a group says which
 * channels are together. Members sit on seats 0 … capacity − 1 of their group, and who hears whom is a bit a seat.
 *
 * Limiter, a gain a channel: no look-ahead and so no delay. It attacks within the sample and releases over 0.2 s. A sum whose peaks stay
 * below 20000 (a sine of −1.15 dBm0) passes bit-exactly; from there a smooth knee bends towards full scale and never reaches it.
 */
#ifndef TIPRING_MIXER_H
#define TIPRING_MIXER_H

#include "dsp.h"

/* A block: 20 ms at 48 kHz. */
#define MIXER_SAMPLES_MAX 960

typedef struct {
    int32_t channels;
    float release;    /* of the envelope, a sample */
    float envelope[]; /* of what each channel is given; 0 where the limiter rests */
} mixer_t;

typedef struct {
    int32_t capacity; /* seats */
    int32_t used;     /* the seats before it are all that were ever taken */
    int32_t words;    /* of a listener's mask */
    int32_t seats[];  /* the channel on each, −1 when free; then the masks of those each listener hears, `words` each */
} mixer_group_t;

uint32_t mixer_size(int channels);
void mixer_init(mixer_t *mixer, int channels, float sample_rate_hz);
/* Before a channel serves another call: its limiter rests. */
void mixer_reset(mixer_t *mixer, int channel);

uint32_t mixer_group_size(int capacity);
void mixer_group_init(mixer_group_t *group, int capacity);
/* The new member hears and is heard by all the others. `channel` −1 frees the seat. */
void mixer_group_seat(mixer_group_t *group, int seat, int channel);
void mixer_group_hear(mixer_group_t *group, int listener, int speaker, int heard);

/*
 * Channel c speaks in `spoken + c * stride` and is given `given + c * stride`, which must not overlap what is spoken. Channels of no
 * seat are not touched. At most 65,536 members.
 */
void mixer_mix(mixer_t *mixer, const mixer_group_t *group, const int16_t *spoken, int16_t *given, int stride, int count);

/*
 * A room: `count` channels hear all that speak in it, without themselves, and those that do not speak hear all. No masks and no group: what it
 * costs is a sum and a difference a channel, so that a room may have hundreds. Rows as of mixer_mix.
 */
void mixer_room(mixer_t *mixer, const int32_t *channels, const int32_t *speaks, int count, const int16_t *spoken, int16_t *given, int stride, int samples);

#endif
