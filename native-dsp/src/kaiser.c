#include "kaiser.h"

#include "dsp_math.h"

/* The modified Bessel function of order 0, by its power series, of the square of its argument. */
static double bessel(double square)
{
    double term = 1.0, sum = 1.0;
    for (int n = 1; n <= 40; n++) sum += term *= square / (4.0 * n * n);
    return sum;
}

double kaiser_sinc(double x, double edge, double shape)
{
    if (edge <= -1.0 || edge >= 1.0) return 0.0;
    double window = bessel(shape * shape * (1.0 - edge * edge)) / bessel(shape * shape);
    return x == 0.0 ? window : window * dsp_sin(DSP_PI * x) / (DSP_PI * x);
}
