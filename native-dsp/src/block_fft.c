#include "block_fft.h"

#include "dsp_math.h"

/* The complex transform of 32 points, by fours, fours and twos, leaves point 16c + 4b + a at 8a + 2b + c. */
static const uint8_t place[BLOCK_FFT_HALF] = {
    0, 8, 16, 24, 2, 10, 18, 26, 4, 12, 20, 28, 6, 14, 22, 30, 1, 9, 17, 25, 3, 11, 19, 27, 5, 13, 21, 29, 7, 15, 23, 31,
};

void block_fft_init(block_fft_t *fft)
{
    for (int k = 0; k < BLOCK_FFT_SAMPLES; k++) {
        fft->cosine[k] = (float)dsp_cos(2.0 * DSP_PI * k / BLOCK_FFT_SAMPLES);
        fft->sine[k] = (float)-dsp_sin(2.0 * DSP_PI * k / BLOCK_FFT_SAMPLES);
    }
}

static inline lanes_complex_t turned(lanes_complex_t a, float cosine, float sine)
{
    lanes_t c = lanes_splat(cosine), s = lanes_splat(sine);
    return (lanes_complex_t){a.re * c - a.im * s, a.re * s + a.im * c};
}

/* Four points at a distance become their transform, before it is turned. */
static inline void four(lanes_complex_t *z, int distance, lanes_complex_t out[4])
{
    lanes_complex_t a = z[0], b = z[distance], c = z[2 * distance], d = z[3 * distance];
    lanes_complex_t even = {a.re + c.re, a.im + c.im}, odd = {a.re - c.re, a.im - c.im};
    lanes_complex_t sum = {b.re + d.re, b.im + d.im}, across = {b.im - d.im, d.re - b.re}; /* -j(b - d) */
    out[0] = (lanes_complex_t){even.re + sum.re, even.im + sum.im};
    out[1] = (lanes_complex_t){odd.re + across.re, odd.im + across.im};
    out[2] = (lanes_complex_t){even.re - sum.re, even.im - sum.im};
    out[3] = (lanes_complex_t){odd.re - across.re, odd.im - across.im};
}

/* Complex, 32 points, decimation in frequency, in place. */
static void transform(const block_fft_t *fft, lanes_complex_t *z)
{
    lanes_complex_t out[4];
    four(z, 8, out);
    for (int q = 0; q < 4; q++) z[8 * q] = out[q];
    for (int k = 1; k < 8; k++) {
        four(z + k, 8, out);
        z[k] = out[0];
        z[k + 8] = turned(out[1], fft->cosine[2 * k], fft->sine[2 * k]);
        z[k + 16] = turned(out[2], fft->cosine[4 * k], fft->sine[4 * k]);
        z[k + 24] = turned(out[3], fft->cosine[6 * k], fft->sine[6 * k]);
    }
    float root = fft->cosine[8]; /* cosine of 45° */
    for (lanes_complex_t *at = z; at < z + BLOCK_FFT_HALF; at += 8) {
        lanes_complex_t later[4];
        four(at, 2, out);
        four(at + 1, 2, later);
        later[1] = turned(later[1], root, -root);
        later[2] = (lanes_complex_t){later[2].im, -later[2].re};
        later[3] = turned(later[3], -root, -root);
        for (int r = 0; r < 4; r++) {
            at[2 * r] = (lanes_complex_t){out[r].re + later[r].re, out[r].im + later[r].im};
            at[2 * r + 1] = (lanes_complex_t){out[r].re - later[r].re, out[r].im - later[r].im};
        }
    }
}

/* Even samples are taken as real parts, odd ones as imaginary; the bins of both are then told apart by symmetry. */
void block_fft_forward(const block_fft_t *fft, const lanes_t samples[BLOCK_FFT_SAMPLES], lanes_complex_t bins[BLOCK_FFT_BINS])
{
    lanes_complex_t z[BLOCK_FFT_HALF];
    for (int i = 0; i < BLOCK_FFT_HALF; i++) z[i] = (lanes_complex_t){samples[2 * i], samples[2 * i + 1]};
    transform(fft, z);
    bins[0] = (lanes_complex_t){z[0].re + z[0].im, lanes_splat(0.0f)};
    bins[BLOCK_FFT_HALF] = (lanes_complex_t){z[0].re - z[0].im, lanes_splat(0.0f)};
    for (int k = 1; k <= BLOCK_FFT_HALF / 2; k++) {
        lanes_complex_t a = z[place[k]], b = z[place[BLOCK_FFT_HALF - k]];
        lanes_t half = lanes_splat(0.5f), cosine = lanes_splat(fft->cosine[k]), sine = lanes_splat(fft->sine[k]);
        lanes_t even_re = (a.re + b.re) * half, even_im = (a.im - b.im) * half;
        lanes_t odd_re = (a.im + b.im) * half, odd_im = (b.re - a.re) * half;
        lanes_t re = odd_re * cosine - odd_im * sine, im = odd_re * sine + odd_im * cosine;
        bins[k] = (lanes_complex_t){even_re + re, even_im + im};
        bins[BLOCK_FFT_HALF - k] = (lanes_complex_t){even_re - re, im - even_im};
    }
}

/* Backwards is forwards of the conjugate. */
void block_fft_backward(const block_fft_t *fft, const lanes_complex_t bins[BLOCK_FFT_BINS], lanes_t samples[BLOCK_FFT_SAMPLES])
{
    lanes_complex_t z[BLOCK_FFT_HALF];
    lanes_t scale = lanes_splat(1.0f / BLOCK_FFT_SAMPLES);
    lanes_t first = bins[0].re, last = bins[BLOCK_FFT_HALF].re;
    z[0] = (lanes_complex_t){(first + last) * scale, (last - first) * scale};
    for (int k = 1; k <= BLOCK_FFT_HALF / 2; k++) {
        lanes_complex_t a = bins[k], b = bins[BLOCK_FFT_HALF - k];
        lanes_t cosine = lanes_splat(fft->cosine[k]), sine = lanes_splat(-fft->sine[k]);
        lanes_t even_re = a.re + b.re, even_im = a.im - b.im, re = a.re - b.re, im = a.im + b.im;
        lanes_t odd_re = re * cosine - im * sine, odd_im = re * sine + im * cosine;
        z[k] = (lanes_complex_t){(even_re - odd_im) * scale, -(even_im + odd_re) * scale};
        if (2 * k != BLOCK_FFT_HALF) z[BLOCK_FFT_HALF - k] = (lanes_complex_t){(even_re + odd_im) * scale, (even_im - odd_re) * scale};
    }
    transform(fft, z);
    for (int i = 0; i < BLOCK_FFT_HALF; i++) {
        samples[2 * i] = z[place[i]].re;
        samples[2 * i + 1] = -z[place[i]].im;
    }
}
