#include "vad.h"

#include "dsp_math.h"

/* Band limits, where a first-order low-pass turns. */
static const double limits_hz[VAD_BANDS - 1] = {250.0, 500.0, 1000.0, 2000.0};
/* Added to every sample: digital silence would run the filters into denormal numbers, which are slow. */
#define FLOOR 1e-3f
/* Mean square of a band that counts as nothing: -75 dBm0. */
#define NOTHING 8.2f
/* Mean square of the loudest band of a background: -42 dBm0. */
#define LOUDEST_BACKGROUND 16438.0f
/* The background follows energies averaged over about 50 ms; their minimum lies below their mean by so much. */
#define SMOOTHING 0.2f
#define MINIMUM_BIAS 1.7f
/* Decibels over the background: what every band is granted, how much one band may add, and the sum that is speech. */
#define MARGIN_DB 3.0f
#define BAND_MOST_DB 15.0f
#define SPEECH_DB 6.0f
/* Frames of 10 ms. After a sound shorter than a syllable the hangover is short: a click is no word. */
#define SYLLABLE 4
#define HANGOVER 20
#define HANGOVER_OF_CLICK 4

uint32_t DSP_EXPORT(vad_size)(void) { return sizeof(vad_t); }

void DSP_EXPORT(vad_init)(vad_t *vad, int rate_hz)
{
    memset(vad, 0, sizeof *vad);
    vad->scale = rate_hz >= 16000 ? 2 : 1;
    for (int band = 0; band < VAD_BANDS - 1; band++) {
        double turn = 2.0 * DSP_PI * limits_hz[band] / (DSP_SAMPLE_RATE_HZ * vad->scale);
        vad->split[band] = (float)(1.0 - dsp_exp2(-turn * 1.4426950408889634));
    }
}

void DSP_EXPORT(vad_reset)(vad_t *vad, int lane)
{
    for (int band = 0; band < VAD_BANDS; band++) {
        vad->energy[band][lane] = 0.0f;
        if (band < VAD_BANDS - 1) vad->low_pass[band][lane] = 0.0f;
        vad->last[lane][band] = 0.0f;
    }
    vad->started[lane] = vad->active[lane] = false;
    vad->frames[lane] = vad->burst[lane] = vad->hangover[lane] = 0;
}

static void next_window(vad_t *vad, int lane)
{
    memmove(vad->lowest[lane][1], vad->lowest[lane][0], (VAD_WINDOWS - 1) * sizeof vad->lowest[lane][0]);
    memcpy(vad->lowest[lane][0], vad->smooth[lane], sizeof vad->smooth[lane]);
    vad->frames[lane] = 0;
}

/* Until something lower has been heard the background is the loudest that may be one, so a call that begins with speech has speech. */
static void follow_background(vad_t *vad, int lane, const float *mean)
{
    float (*lowest)[VAD_BANDS] = vad->lowest[lane];
    for (int band = 0; band < VAD_BANDS; band++) {
        float *smooth = &vad->smooth[lane][band];
        *smooth = vad->started[lane] ? *smooth + (mean[band] - *smooth) * SMOOTHING : mean[band];
        if (!vad->started[lane]) for (int window = 0; window < VAD_WINDOWS; window++) lowest[window][band] = *smooth;
        if (*smooth < lowest[0][band]) lowest[0][band] = *smooth;
    }
    vad->started[lane] = true;
    if (++vad->frames[lane] >= VAD_WINDOW) next_window(vad, lane);
}

static float excess_db(const vad_t *vad, int lane, int band, float power)
{
    float lowest = LOUDEST_BACKGROUND;
    for (int window = 0; window < VAD_WINDOWS; window++) {
        float here = vad->lowest[lane][window][band] * MINIMUM_BIAS;
        if (here < lowest) lowest = here;
    }
    float ratio = power / (lowest > NOTHING ? lowest : NOTHING);
    if (!(ratio > 1.0f)) return 0.0f;
    float db = (float)(dsp_log2((double)ratio) * 3.0102999566398120) - MARGIN_DB;
    return db < 0.0f ? 0.0f : db > BAND_MOST_DB ? BAND_MOST_DB : db;
}

static void decide(vad_t *vad, int lane)
{
    float mean[VAD_BANDS], excess = 0.0f;
    for (int band = 0; band < VAD_BANDS; band++) {
        mean[band] = vad->energy[band][lane] / (float)(VAD_FRAME * vad->scale);
        excess += excess_db(vad, lane, band, 0.5f * (mean[band] + vad->last[lane][band]));
        vad->last[lane][band] = mean[band];
    }
    bool known = vad->started[lane];
    follow_background(vad, lane, mean);
    if (known && excess > SPEECH_DB) {
        vad->burst[lane]++;
        vad->hangover[lane] = vad->burst[lane] >= SYLLABLE ? HANGOVER : vad->hangover[lane] > HANGOVER_OF_CLICK ? vad->hangover[lane] : HANGOVER_OF_CLICK;
        if (vad->burst[lane] > SYLLABLE) vad->burst[lane] = SYLLABLE;
    } else {
        vad->burst[lane] = 0;
        if (vad->hangover[lane] > 0) vad->hangover[lane]--;
    }
    vad->active[lane] = vad->hangover[lane] > 0;
}

void DSP_EXPORT(vad_process)(vad_t *vad, const int16_t *samples, int stride, int count)
{
    int32_t frame = VAD_FRAME * vad->scale;
    for (int n = 0; n < count; n++) {
        /* Each low-pass divides what the one above it left. */
        lanes_t rest = lanes_load(samples, stride, n) + lanes_splat(FLOOR);
        for (int band = VAD_BANDS - 1; band > 0; band--) {
            lanes_t low = vad->low_pass[band - 1];
            low += (rest - low) * lanes_splat(vad->split[band - 1]);
            lanes_t high = rest - low;
            vad->low_pass[band - 1] = low;
            vad->energy[band] += high * high;
            rest = low;
        }
        vad->energy[0] += rest * rest;
        if (++vad->collected < frame) continue;
        for (int lane = 0; lane < LANES; lane++) decide(vad, lane);
        for (int band = 0; band < VAD_BANDS; band++) vad->energy[band] = (lanes_t){0};
        vad->collected = 0;
    }
}

bool DSP_EXPORT(vad_active)(const vad_t *vad, int lane) { return vad->active[lane]; }
