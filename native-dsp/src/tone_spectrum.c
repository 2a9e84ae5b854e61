#include "tone_spectrum.h"

#include "dsp_math.h"

/* Mean square of the Hann window. */
static const double window_power = 0.375;

uint32_t DSP_EXPORT(tone_spectrum_size)(void) { return sizeof(tone_spectrum_t); }

void DSP_EXPORT(tone_spectrum_init)(tone_spectrum_t *spectrum)
{
    /* The real transform is twice the complex one's, and both halves of the spectrum carry the power. */
    double rms = (double)DSP_RMS_0_DBM0 * (double)TONE_RING_SCALE;
    double scale = dsp_amplitude(10.0 * dsp_log2(0.5 / window_power) / dsp_log2(10.0)) / (rms * TONE_WINDOW);
    memset(spectrum, 0, sizeof *spectrum);
    for (int n = 0; n < TONE_WINDOW; n++) spectrum->window[n] = (float)(scale * (1.0 - dsp_cos(2.0 * DSP_PI * ((double)n + 0.5) / TONE_WINDOW)) * 0.5);
    for (int n = 0; n < TONE_BINS; n++) {
        double turn = -2.0 * DSP_PI * (double)n / TONE_BINS;
        spectrum->twiddle[n][0] = (float)dsp_cos(turn);
        spectrum->twiddle[n][1] = (float)dsp_sin(turn);
        spectrum->half_twiddle[n][0] = (float)dsp_cos(turn / 2.0);
        spectrum->half_twiddle[n][1] = (float)dsp_sin(turn / 2.0);
        /* Four radix-4 steps and one of radix 2 leave the digits of the frequency reversed. */
        spectrum->place[n] = (uint16_t)((n & 3) * 128 + ((n >> 2) & 3) * 32 + ((n >> 4) & 3) * 8 + ((n >> 6) & 3) * 2 + (n >> 8));
    }
}

static inline tone_complex_t turned(tone_complex_t value, const float by[2])
{
    lanes_t c = lanes_splat(by[0]), s = lanes_splat(by[1]);
    return (tone_complex_t){value.re * c - value.im * s, value.re * s + value.im * c};
}

/* Decimation in frequency: blocks of `length` become four of a quarter each. */
static inline void radix4(tone_spectrum_t *spectrum, int length)
{
    int quarter = length / 4, step = TONE_BINS / length;
    for (int j = 0; j < quarter; j++) {
        const float *once = spectrum->twiddle[j * step], *twice = spectrum->twiddle[2 * j * step], *thrice = spectrum->twiddle[3 * j * step];
        for (tone_complex_t *at = spectrum->work + j; at < spectrum->work + TONE_BINS; at += length) {
            tone_complex_t a = at[0], b = at[quarter], c = at[2 * quarter], d = at[3 * quarter];
            tone_complex_t even = {a.re + c.re, a.im + c.im}, odd = {a.re - c.re, a.im - c.im};
            tone_complex_t sum = {b.re + d.re, b.im + d.im}, turn = {b.im - d.im, d.re - b.re};
            at[0] = (tone_complex_t){even.re + sum.re, even.im + sum.im};
            at[quarter] = turned((tone_complex_t){odd.re + turn.re, odd.im + turn.im}, once);
            at[2 * quarter] = turned((tone_complex_t){even.re - sum.re, even.im - sum.im}, twice);
            at[3 * quarter] = turned((tone_complex_t){odd.re - turn.re, odd.im - turn.im}, thrice);
        }
    }
}

static inline lanes_t samples_at(const samples4_t *ring, uint32_t at)
{
    return __builtin_convertvector(ring[at & (TONE_WINDOW - 1)], lanes_t);
}

void tone_spectrum_take(tone_spectrum_t *spectrum, const samples4_t *ring, uint32_t start)
{
    tone_complex_t *work = spectrum->work;
    for (uint32_t n = 0; n < TONE_BINS; n++) {
        work[n].re = samples_at(ring, start + 2 * n) * lanes_splat(spectrum->window[2 * n]);
        work[n].im = samples_at(ring, start + 2 * n + 1) * lanes_splat(spectrum->window[2 * n + 1]);
    }
    radix4(spectrum, 512);
    radix4(spectrum, 128);
    radix4(spectrum, 32);
    radix4(spectrum, 8);
    for (int n = 0; n < TONE_BINS; n += 2) {
        tone_complex_t a = work[n], b = work[n + 1];
        work[n] = (tone_complex_t){a.re + b.re, a.im + b.im};
        work[n + 1] = (tone_complex_t){a.re - b.re, a.im - b.im};
    }
    /* The samples went in as pairs, the even as real parts: their two spectra are taken apart and joined. */
    spectrum->power[0] = lanes_splat(0.0f);
    for (int k = 1; k <= TONE_BINS / 2; k++) {
        tone_complex_t low = work[spectrum->place[k]], high = work[spectrum->place[TONE_BINS - k]];
        tone_complex_t even = {low.re + high.re, low.im - high.im};
        tone_complex_t odd = turned((tone_complex_t){low.im + high.im, high.re - low.re}, spectrum->half_twiddle[k]);
        lanes_t re = even.re + odd.re, im = even.im + odd.im;
        spectrum->power[k] = re * re + im * im;
        re = even.re - odd.re;
        im = odd.im - even.im;
        spectrum->power[TONE_BINS - k] = re * re + im * im;
    }
}
