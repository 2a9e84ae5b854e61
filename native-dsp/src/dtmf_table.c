#include "dtmf_table.h"

#include "dsp_math.h"

static const double half_rate = 4000.0; /* Hz */

uint32_t DSP_EXPORT(dtmf_table_size)(void) { return sizeof(dtmf_table_t); }

/* Gain of the two filters at a frequency. */
static double filter_gain(double hertz)
{
    double angle = 2.0 * DSP_PI * hertz / half_rate; /* at 4 kHz */
    double cosine = dsp_cos(angle), sine = dsp_sin(angle);
    /* Allpass (a + 1/z) / (1 + a/z): its phase is that of the numerator less that of the denominator, its size 1. */
    double real[2], imaginary[2];
    for (int b = 0; b < 2; b++) {
        double a = (double)dtmf_branch[b];
        double size = 1.0 + 2.0 * a * cosine + a * a;
        real[b] = ((a + cosine) * (1.0 + a * cosine) + a * sine * sine) / size;
        imaginary[b] = (a + cosine) * a * sine / size - sine * (1.0 + a * cosine) / size;
    }
    double half_cosine = dsp_cos(angle / 2.0), half_sine = dsp_sin(angle / 2.0);
    double sum_real = real[0] + real[1] * half_cosine + imaginary[1] * half_sine;
    double sum_imaginary = imaginary[0] + imaginary[1] * half_cosine - real[1] * half_sine;
    double square = (sum_real * sum_real + sum_imaginary * sum_imaginary) / 4.0;
    for (int s = 0; s < 2; s++) {
        double over = 2.0 * cosine + (double)dtmf_zeros[s];
        double p1 = (double)dtmf_poles[s][0], p2 = (double)dtmf_poles[s][1];
        double under_real = (1.0 + p2) * cosine + p1, under_imaginary = (1.0 - p2) * sine;
        square *= over * over / (under_real * under_real + under_imaginary * under_imaginary);
    }
    return (double)dtmf_high_pass_gain * dsp_exp2(dsp_log2(square) / 2.0);
}

void DSP_EXPORT(dtmf_table_init)(dtmf_table_t *table)
{
    double window[DTMF_HALF_HOP], sum = 0.0;
    for (int k = 0; k < DTMF_HALF_HOP; k++) {
        window[k] = 0.5 + 0.5 * dsp_cos(DSP_PI * (k + 0.5) / DTMF_HALF_HOP);
        sum += 2.0 * window[k];
    }
    for (int k = 0; k < DTMF_HALF_HOP; k++) table->energy[k] = (float)(2.0 * window[k] / sum);
    for (int f = 0; f < DTMF_FREQUENCIES; f++) {
        double step = 2.0 * DSP_PI * dtmf_frequency[f] / half_rate;
        double scale = 2.0 / sum;
        for (int k = 0; k < DTMF_HALF_HOP; k++) {
            float *row = table->tone[k] + (f / 4) * DTMF_FREQUENCIES + f % 4;
            row[0] = (float)(scale * window[k] * dsp_cos(step * (k + 0.5)));
            row[4] = (float)(scale * window[k] * dsp_sin(step * (k + 0.5)));
        }
        double gain = filter_gain(dtmf_frequency[f]);
        table->gain[f] = (float)gain;
        table->level[f] = (float)(1.0 / (gain * gain));
        table->advance_cosine[f] = (float)dsp_cos(step * DTMF_HALF_HOP);
        table->advance_sine[f] = (float)dsp_sin(step * DTMF_HALF_HOP);
        /* Q.24 table A-1: accepted within 1.5 % + 2 Hz, refused at 3.5 %. The limit is between them. */
        double limit = 0.021 * dtmf_frequency[f] + 2.0;
        double phase = 2.0 * DSP_PI * limit * DTMF_HALF_HOP / half_rate;
        table->tolerance[f] = (float)(dsp_sin(phase) / dsp_cos(phase));
    }
}
