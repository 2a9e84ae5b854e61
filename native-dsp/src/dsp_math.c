#include "dsp_math.h"

#include "dsp.h"

double dsp_sin(double radians)
{
    double quarters = radians * (2.0 / DSP_PI);
    int64_t nearest = (int64_t)(quarters < 0 ? quarters - 0.5 : quarters + 0.5);
    double x = (quarters - (double)nearest) * (DSP_PI / 2.0); /* within ±π/4 */
    double square = x * x;
    int quadrant = (int)(nearest & 3);
    double term, sum;
    if (quadrant & 1) {
        term = sum = 1.0;
        for (int n = 1; n <= 9; n++) sum += term *= -square / (double)((2 * n - 1) * (2 * n));
    } else {
        term = sum = x;
        for (int n = 1; n <= 9; n++) sum += term *= -square / (double)((2 * n) * (2 * n + 1));
    }
    return quadrant & 2 ? -sum : sum;
}

double dsp_cos(double radians) { return dsp_sin(radians + DSP_PI / 2.0); }

double dsp_exp2(double exponent)
{
    int64_t whole = (int64_t)(exponent < 0 ? exponent - 0.5 : exponent + 0.5);
    double x = (exponent - (double)whole) * 0.69314718055994530942; /* within ±ln(2)/2 */
    double term = 1.0, sum = 1.0;
    for (int n = 1; n <= 14; n++) sum += term *= x / (double)n;
    union { uint64_t bits; double value; } power = {.bits = (uint64_t)(whole + 1023) << 52};
    return sum * power.value;
}

double dsp_log2(double value)
{
    union { double value; uint64_t bits; } parts = {.value = value};
    int exponent = (int)((parts.bits >> 52) & 0x7ff) - 1023;
    parts.bits = (parts.bits & 0xfffffffffffffull) | ((uint64_t)1023 << 52);
    double mantissa = parts.value; /* 1 … 2, brought within √½ … √2 */
    if (mantissa > 1.41421356237309504880) {
        mantissa *= 0.5;
        exponent += 1;
    }
    double ratio = (mantissa - 1.0) / (mantissa + 1.0); /* ln m = 2·artanh(ratio) */
    double square = ratio * ratio, term = ratio, sum = ratio;
    for (int n = 3; n <= 25; n += 2) {
        term *= square;
        sum += term / (double)n;
    }
    return (double)exponent + 2.0 * sum * 1.44269504088896340736;
}

double dsp_amplitude(double db) { return dsp_exp2(db * 0.16609640474436811739); }

double dsp_decibels(double ratio) { return dsp_log2(ratio) * 6.02059991327962390428; }
