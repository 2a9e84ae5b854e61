/* What every primitive shares: integer types, the export mark, levels. Freestanding C11: no libc, no libm, no malloc. */
#ifndef TIPRING_DSP_H
#define TIPRING_DSP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Marks what libs/dsp may call. Natively (sanitizers, benches) these are ordinary functions. */
#ifdef __wasm__
#define DSP_EXPORT(name) __attribute__((export_name(#name))) name
#else
#define DSP_EXPORT(name) name
#endif

/*
 * 0 dBm0 in 16-bit linear samples, as root mean square. ITU-T G.711 table 5: a sine that just reaches the A-law decoder's
 * virtual decision value (4096, here scaled to 32768) is at +3.14 dBm0.
 */
#define DSP_RMS_0_DBM0 16141.0f
#define DSP_SAMPLE_RATE_HZ 8000

void *memset(void *to, int byte, size_t count);
void *memcpy(void *restrict to, const void *restrict from, size_t count);
void *memmove(void *to, const void *from, size_t count);

/* A sample from a float: rounded to nearest even (as the processor does), saturated. */
static inline int16_t dsp_to_sample(float value)
{
    if (value >= 32767.0f) return 32767;
    if (value <= -32768.0f) return -32768;
    return (int16_t)__builtin_rintf(value);
}

#endif
