#include "gain.h"

#include "dsp_math.h"

/* The part of the way left after each sample: a hundredth of it after 20 ms. */
static const float slide = 0.0284f;

uint32_t DSP_EXPORT(gain_size)(void) { return sizeof(gain_t); }

void DSP_EXPORT(gain_init)(gain_t *gain)
{
    *gain = (gain_t){.factor = lanes_splat(1.0f), .target = lanes_splat(1.0f)};
}

void DSP_EXPORT(gain_set)(gain_t *gain, int lane, float db)
{
    gain->factor[lane] = gain->target[lane] = (float)dsp_amplitude((double)db);
    gain->clipped[lane] = 0;
}

void DSP_EXPORT(gain_slide)(gain_t *gain, int lane, float db) { gain->target[lane] = (float)dsp_amplitude((double)db); }

void DSP_EXPORT(gain_process)(gain_t *gain, int16_t *samples, int stride, int count)
{
    lanes_t factor = gain->factor;
    lane_mask_t clipped = {0};
    for (int i = 0; i < count; i++) {
        factor += (gain->target - factor) * lanes_splat(slide);
        lanes_t value = lanes_load(samples, stride, i) * factor;
        clipped -= (value > lanes_splat(32767.5f)) | (value < lanes_splat(-32768.5f));
        lanes_store(samples, stride, i, value);
    }
    gain->factor = factor;
    for (int lane = 0; lane < LANES; lane++) gain->clipped[lane] += (uint32_t)clipped[lane];
}

uint32_t DSP_EXPORT(gain_clipped)(const gain_t *gain, int lane) { return gain->clipped[lane]; }
