#include "block_fft.h"

#include "dsp_math.h"

/* The complex transform of 32 points leaves point k at this place. */
static const uint8_t place[BLOCK_FFT_HALF] = {
    0, 16, 8, 24, 4, 20, 12, 28, 2, 18, 10, 26, 6, 22, 14, 30, 1, 17, 9, 25, 5, 21, 13, 29, 3, 19, 11, 27, 7, 23, 15, 31,
};

void block_fft_init(block_fft_t *fft)
{
    for (int k = 0; k < BLOCK_FFT_BINS; k++) {
        fft->cosine[k] = (float)dsp_cos(2.0 * DSP_PI * k / BLOCK_FFT_SAMPLES);
        fft->sine[k] = (float)-dsp_sin(2.0 * DSP_PI * k / BLOCK_FFT_SAMPLES);
    }
}

/* Complex, 32 points, decimation in frequency, in place. */
static void transform(const block_fft_t *fft, lanes_complex_t *z)
{
    for (int size = BLOCK_FFT_HALF; size >= 4; size >>= 1) {
        int half = size >> 1, step = BLOCK_FFT_SAMPLES / size;
        for (int k = 0; k < half; k++) {
            lanes_t cosine = lanes_splat(fft->cosine[k * step]), sine = lanes_splat(fft->sine[k * step]);
            for (int i = k; i < BLOCK_FFT_HALF; i += size) {
                lanes_complex_t a = z[i], b = z[i + half];
                lanes_t re = a.re - b.re, im = a.im - b.im;
                z[i] = (lanes_complex_t){a.re + b.re, a.im + b.im};
                z[i + half] = (lanes_complex_t){re * cosine - im * sine, re * sine + im * cosine};
            }
        }
    }
    for (int i = 0; i < BLOCK_FFT_HALF; i += 2) {
        lanes_complex_t a = z[i], b = z[i + 1];
        z[i] = (lanes_complex_t){a.re + b.re, a.im + b.im};
        z[i + 1] = (lanes_complex_t){a.re - b.re, a.im - b.im};
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
