#include "mixer.h"

#include "dsp_math.h"

/* Where the knee begins and where it would end, in 16-bit linear samples. */
static const float knee = 20000.0f;
static const float ceiling = 32700.0f;
static const double release_seconds = 0.2;

uint32_t DSP_EXPORT(mixer_size)(int channels) { return (uint32_t)(sizeof(mixer_t) + (size_t)channels * sizeof(float)); }

void DSP_EXPORT(mixer_init)(mixer_t *mixer, int channels, float sample_rate_hz)
{
    mixer->channels = channels;
    mixer->release = (float)dsp_exp2(-1.44269504088896340736 / (release_seconds * (double)sample_rate_hz));
    for (int channel = 0; channel < channels; channel++) mixer->envelope[channel] = 0.0f;
}

void DSP_EXPORT(mixer_reset)(mixer_t *mixer, int channel) { mixer->envelope[channel] = 0.0f; }

static int words_of(int capacity) { return (capacity + 31) / 32; }

uint32_t DSP_EXPORT(mixer_group_size)(int capacity)
{
    return (uint32_t)(sizeof(mixer_group_t) + (size_t)capacity * (1 + (size_t)words_of(capacity)) * sizeof(int32_t));
}

void DSP_EXPORT(mixer_group_init)(mixer_group_t *group, int capacity)
{
    group->capacity = capacity;
    group->used = 0;
    group->words = words_of(capacity);
    for (int i = 0; i < capacity; i++) group->seats[i] = -1;
    for (int i = 0; i < capacity * group->words; i++) group->seats[capacity + i] = 0;
}

void DSP_EXPORT(mixer_group_hear)(mixer_group_t *group, int listener, int speaker, int heard)
{
    int32_t *word = &group->seats[group->capacity + listener * group->words + speaker / 32];
    uint32_t bit = (uint32_t)1 << (speaker % 32);
    *word = (int32_t)(heard ? (uint32_t)*word | bit : (uint32_t)*word & ~bit);
}

void DSP_EXPORT(mixer_group_seat)(mixer_group_t *group, int seat, int channel)
{
    group->seats[seat] = channel;
    if (seat >= group->used) group->used = seat + 1;
    for (int other = 0; other < group->used; other++) {
        mixer_group_hear(group, seat, other, channel >= 0 && other != seat);
        mixer_group_hear(group, other, seat, channel >= 0 && other != seat);
    }
}

static bool hears(const mixer_group_t *group, int listener, int speaker)
{
    uint32_t word = (uint32_t)group->seats[group->capacity + listener * group->words + speaker / 32];
    return (word >> (speaker % 32)) & 1;
}

static void add(int32_t *restrict sum, const int16_t *restrict row, int count)
{
    for (int i = 0; i < count; i++) sum[i] += row[i];
}

static void subtract(int32_t *restrict sum, const int16_t *restrict row, int count)
{
    for (int i = 0; i < count; i++) sum[i] -= row[i];
}

/* The gain holds |sample| · gain below the ceiling, as the envelope is never below |sample|. */
static float limit(int16_t *restrict to, const int32_t *restrict sum, int count, float envelope, float release)
{
    int32_t peak = 0;
    for (int i = 0; i < count; i++) {
        int32_t magnitude = sum[i] < 0 ? -sum[i] : sum[i];
        peak = magnitude > peak ? magnitude : peak;
    }
    if (envelope <= knee && peak <= (int32_t)knee) {
        for (int i = 0; i < count; i++) to[i] = (int16_t)sum[i];
        return 0.0f;
    }
    for (int i = 0; i < count; i++) {
        float value = (float)sum[i];
        float magnitude = value < 0 ? -value : value;
        envelope *= release;
        if (magnitude > envelope) envelope = magnitude;
        if (envelope > knee) {
            /* knee + span · excess / (excess + span): slope 1 at the knee, never more than the ceiling. */
            const float span = ceiling - knee;
            float excess = envelope - knee;
            value *= (knee + span * excess / (excess + span)) / envelope;
        }
        to[i] = dsp_to_sample(value);
    }
    return envelope;
}

void DSP_EXPORT(mixer_mix)(mixer_t *mixer, const mixer_group_t *group, const int16_t *spoken, int16_t *given, int stride, int count)
{
    int32_t all[MIXER_SAMPLES_MAX], heard[MIXER_SAMPLES_MAX];
    int members = 0;
    if (count <= 0 || count > MIXER_SAMPLES_MAX) return;
    memset(all, 0, (size_t)count * sizeof *all);
    for (int seat = 0; seat < group->used; seat++) {
        if (group->seats[seat] < 0) continue;
        add(all, spoken + group->seats[seat] * stride, count);
        members++;
    }
    for (int listener = 0; listener < group->used; listener++) {
        int channel = group->seats[listener];
        if (channel < 0) continue;
        int speakers = 0;
        for (int seat = 0; seat < group->used; seat++) speakers += group->seats[seat] >= 0 && hears(group, listener, seat);
        /* Whichever is less work: everything without those not heard, or nothing with those heard. */
        bool from_all = members - speakers < speakers;
        if (from_all) memcpy(heard, all, (size_t)count * sizeof *heard);
        else memset(heard, 0, (size_t)count * sizeof *heard);
        for (int seat = 0; seat < group->used; seat++) {
            int speaker = group->seats[seat];
            if (speaker < 0 || hears(group, listener, seat) == from_all) continue;
            if (from_all) subtract(heard, spoken + speaker * stride, count);
            else add(heard, spoken + speaker * stride, count);
        }
        mixer->envelope[channel] = limit(given + channel * stride, heard, count, mixer->envelope[channel], mixer->release);
    }
}

void DSP_EXPORT(mixer_room)(mixer_t *mixer, const int32_t *channels, const int32_t *speaks, int count, const int16_t *spoken, int16_t *given, int stride, int samples)
{
    int32_t all[MIXER_SAMPLES_MAX], heard[MIXER_SAMPLES_MAX];
    if (samples <= 0 || samples > MIXER_SAMPLES_MAX) return;
    memset(all, 0, (size_t)samples * sizeof *all);
    for (int i = 0; i < count; i++)
        if (speaks[i]) add(all, spoken + channels[i] * stride, samples);
    for (int i = 0; i < count; i++) {
        int channel = channels[i];
        memcpy(heard, all, (size_t)samples * sizeof *heard);
        if (speaks[i]) subtract(heard, spoken + channel * stride, samples);
        mixer->envelope[channel] = limit(given + channel * stride, heard, samples, mixer->envelope[channel], mixer->release);
    }
}
