#include "level_meter.h"

#include "dsp_math.h"

/* ITU-T O.71 2.2: after an impulse was counted nothing is for 125 ± 25 ms. */
static const int dead_samples = DSP_SAMPLE_RATE_HZ / 8;
static const float usual_threshold_dbm0 = -22.0f;
/* ITU-T G.711 table 2b: the largest value of a µ-law decoder. */
static const float clip = 32124.0f;
/* A tenth of a second. */
static const float rest_slide = 1.0f / 800.0f;

uint32_t DSP_EXPORT(level_meter_size)(void) { return sizeof(level_meter_t); }

void DSP_EXPORT(level_meter_threshold)(level_meter_t *meter, int lane, float dbm0)
{
    meter->threshold[lane] = (float)(dsp_amplitude((double)dbm0) * 1.41421356237 * (double)DSP_RMS_0_DBM0);
}

static void begin(level_meter_t *meter, int lane)
{
    meter->square[lane] = meter->c_square[lane] = meter->p_square[lane] = 0.0;
    meter->peak[lane] = 0.0f;
    meter->impulses[lane] = meter->clipped[lane] = 0;
    meter->taken[lane] = meter->samples;
}

void DSP_EXPORT(level_meter_reset)(level_meter_t *meter, int lane)
{
    weighting_reset(&meter->c_message, lane);
    weighting_reset(&meter->psophometric, lane);
    meter->rest[lane] = 0.0f;
    meter->dead[lane] = 0;
    level_meter_threshold(meter, lane, usual_threshold_dbm0);
    begin(meter, lane);
}

void DSP_EXPORT(level_meter_init)(level_meter_t *meter)
{
    meter->samples = 0;
    for (int lane = 0; lane < LANES; lane++) level_meter_reset(meter, lane);
}

void DSP_EXPORT(level_meter_push)(level_meter_t *meter, const int16_t *samples, int stride, int count)
{
    lanes_t square = {0}, c_square = {0}, p_square = {0}, peak = meter->peak, rest = meter->rest;
    lane_mask_t dead = meter->dead, impulses = {0}, clipped = {0};
    for (int i = 0; i < count; i++) {
        lanes_t sample = lanes_load(samples, stride, i), magnitude = lanes_abs(sample);
        square += sample * sample;
        peak = lanes_max(peak, magnitude);
        clipped -= magnitude >= lanes_splat(clip);

        lanes_t c = weighting_step(&meter->c_message, &weighting_c_message, sample);
        lanes_t p = weighting_step(&meter->psophometric, &weighting_psophometric, sample);
        c_square += c * c;
        p_square += p * p;

        rest += (sample - rest) * lanes_splat(rest_slide);
        lane_mask_t strikes = (lanes_abs(sample - rest) > meter->threshold) & (dead == 0);
        impulses -= strikes;
        dead += dead > 0; /* a true comparison is −1 */
        dead = (strikes & dead_samples) | (~strikes & dead);
    }
    weighting_settle(&meter->c_message);
    weighting_settle(&meter->psophometric);
    meter->rest = rest;
    meter->peak = peak;
    meter->dead = dead;
    meter->samples = (int32_t)((uint32_t)meter->samples + (uint32_t)count);
    for (int lane = 0; lane < LANES; lane++) {
        meter->square[lane] += (double)square[lane];
        meter->c_square[lane] += (double)c_square[lane];
        meter->p_square[lane] += (double)p_square[lane];
        meter->impulses[lane] += impulses[lane];
        meter->clipped[lane] += clipped[lane];
    }
}

/* Of a mean square, or of a square. */
static float level(double square)
{
    double reference = (double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0;
    return square < reference * 1e-15 ? -150.0f : (float)(0.5 * dsp_decibels(square / reference));
}

void DSP_EXPORT(level_meter_take)(level_meter_t *meter, int lane, level_reading_t *reading)
{
    uint32_t samples = (uint32_t)meter->samples - (uint32_t)meter->taken[lane];
    double each = samples == 0 ? 0.0 : 1.0 / (double)samples;
    double peak = (double)meter->peak[lane];
    *reading = (level_reading_t){
        .rms_dbm0 = level(meter->square[lane] * each),
        .peak_dbm0 = level(peak * peak * 0.5),
        .c_message_dbrnc0 = level(meter->c_square[lane] * each) + 90.0f,
        .psophometric_dbm0p = level(meter->p_square[lane] * each),
        .impulses = (float)meter->impulses[lane],
        .clipped = (float)meter->clipped[lane],
        .samples = (float)samples,
    };
    begin(meter, lane);
}
