#include "comfort_noise.h"

#include "dsp_math.h"

/* RFC 3389 3.1: 0 dBov is a square wave of full scale. */
#define OVERLOAD 32767.0
#define LEVEL_LOWEST 127
/* RFC 3389 3.2: k = 258 · (N − 127) / 32768. */
#define INDEX_MIDDLE 127
#define INDEX_LARGEST 254
#define INDEX_STEP (258.0f / 32768.0f)
/* Of the mean that one block of 20 ms changes. */
#define LISTENING 0.1f
/* White noise 30 dB below is taken as part of every background: keeps the recursion well-behaved, and is not heard. */
#define WHITENING 1.001f
/* Nearer to 1 the filter rings for longer than noise may. */
#define REFLECTION_LARGEST 0.995f
/* Part of the way to the description, each sample. */
#define SLIDE 0.02f

uint32_t DSP_EXPORT(noise_profile_size)(void) { return sizeof(noise_profile_t); }

void DSP_EXPORT(noise_profile_init)(noise_profile_t *profile) { memset(profile, 0, sizeof *profile); }

void DSP_EXPORT(noise_profile_listen)(noise_profile_t *profile, const int16_t *samples, int count)
{
    if (count <= 0) return;
    for (int lag = 0; lag <= COMFORT_NOISE_ORDER; lag++) {
        float sum = 0.0f;
        for (int n = 0; n < count; n++) {
            int16_t before = n >= lag ? samples[n - lag] : profile->tail[COMFORT_NOISE_ORDER + n - lag];
            sum += (float)samples[n] * (float)before;
        }
        float mean = sum / (float)count;
        profile->correlation[lag] = profile->heard ? profile->correlation[lag] + (mean - profile->correlation[lag]) * LISTENING : mean;
    }
    profile->heard = true;
    for (int n = 0; n < COMFORT_NOISE_ORDER; n++) {
        int from = count - COMFORT_NOISE_ORDER + n;
        profile->tail[n] = from >= 0 ? samples[from] : profile->tail[COMFORT_NOISE_ORDER + from];
    }
}

/* Durbin's recursion; `count` coefficients, each within ±1. */
static void reflections_of(const float *correlation, float *reflection, int count)
{
    float predictor[COMFORT_NOISE_ORDER] = {0}, error = correlation[0] * WHITENING;
    for (int i = 0; i < count; i++) {
        float sum = correlation[i + 1];
        for (int j = 0; j < i; j++) sum += predictor[j] * correlation[i - j];
        float k = error > 0.0f ? -sum / error : 0.0f;
        if (!(k > -0.9999f)) k = -0.9999f;
        if (k > 0.9999f) k = 0.9999f;
        reflection[i] = k;
        for (int j = 0; j < (i + 1) / 2; j++) {
            float first = predictor[j], second = predictor[i - 1 - j];
            predictor[j] = first + k * second;
            predictor[i - 1 - j] = second + k * first;
        }
        predictor[i] = k;
        error *= 1.0f - k * k;
    }
}

int DSP_EXPORT(noise_profile_describe)(const noise_profile_t *profile, uint8_t *payload, int order)
{
    double power = (double)profile->correlation[0];
    double level = power >= 1e-3 ? dsp_decibels(OVERLOAD) - dsp_decibels(power) / 2.0 : (double)LEVEL_LOWEST;
    payload[0] = (uint8_t)(level <= 0.0 ? 0.0 : level >= LEVEL_LOWEST ? LEVEL_LOWEST : level + 0.5);
    if (!profile->heard || power < 1e-3) return 1;
    float reflection[COMFORT_NOISE_ORDER];
    int count = order < 0 ? 0 : order > COMFORT_NOISE_ORDER ? COMFORT_NOISE_ORDER : order;
    reflections_of(profile->correlation, reflection, count);
    for (int i = 0; i < count; i++) {
        float index = __builtin_rintf(reflection[i] / INDEX_STEP) + INDEX_MIDDLE;
        payload[1 + i] = (uint8_t)(index < 0.0f ? 0.0f : index > INDEX_LARGEST ? (float)INDEX_LARGEST : index);
    }
    return 1 + count;
}

uint32_t DSP_EXPORT(comfort_noise_size)(void) { return sizeof(comfort_noise_t); }

void DSP_EXPORT(comfort_noise_init)(comfort_noise_t *noise, uint32_t seed)
{
    memset(noise, 0, sizeof *noise);
    noise->random = (seed * 2654435769u) | 1u;
}

void DSP_EXPORT(comfort_noise_follow)(comfort_noise_t *noise, const uint8_t *payload, int bytes)
{
    if (bytes <= 0) return;
    float first = noise->target_level;
    /* The power of a recursive filter's output: the excitation's divided by all 1 − k². */
    float excitation = 1.0f;
    for (int i = 0; i < COMFORT_NOISE_ORDER; i++) {
        int index = i + 1 < bytes ? payload[i + 1] : INDEX_MIDDLE;
        float k = (float)(index - INDEX_MIDDLE) * INDEX_STEP;
        noise->target[i] = k < -REFLECTION_LARGEST ? -REFLECTION_LARGEST : k > REFLECTION_LARGEST ? REFLECTION_LARGEST : k;
        excitation *= 1.0f - noise->target[i] * noise->target[i];
    }
    /* RFC 3389 3.1: the first bit is not part of the level. */
    noise->target_level = (float)(OVERLOAD * dsp_amplitude(-(double)(payload[0] & 0x7f))) * __builtin_sqrtf(excitation);
    if (first != 0.0f) return;
    noise->level = noise->target_level;
    memcpy(noise->reflection, noise->target, sizeof noise->target);
}

/* Uniform between ±√3: power 1. */
static inline float next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return (float)(int32_t)*state * (1.7320508f / 2147483648.0f);
}

void DSP_EXPORT(comfort_noise_fill)(comfort_noise_t *noise, int16_t *samples, int count)
{
    for (int n = 0; n < count; n++) {
        noise->level += (noise->target_level - noise->level) * SLIDE;
        float forward = next_random(&noise->random) * noise->level;
        /* The lattice, which is stable with any coefficients within ±1, also on the way from one to another. */
        for (int i = COMFORT_NOISE_ORDER - 1; i >= 0; i--) {
            noise->reflection[i] += (noise->target[i] - noise->reflection[i]) * SLIDE;
            float k = noise->reflection[i], backward = noise->memory[i];
            forward -= k * backward;
            if (i + 1 < COMFORT_NOISE_ORDER) noise->memory[i + 1] = backward + k * forward;
        }
        noise->memory[0] = forward;
        samples[n] = dsp_to_sample(forward);
    }
}
