/*
 * The few functions of <math.h> that the primitives need, written so that every build gives the same bits: the golden hashes
 * of the tests hold for WASM on any engine and for native builds alike. Not for the sample loop: tables and settings.
 */
#ifndef TIPRING_DSP_MATH_H
#define TIPRING_DSP_MATH_H

#define DSP_PI 3.14159265358979323846

/* Radians, any size below 2^31; error below 1e-14. */
double dsp_sin(double radians);
double dsp_cos(double radians);

/* Base 2; exponent within ±1000, argument positive and normal; relative error below 1e-13. */
double dsp_exp2(double exponent);
double dsp_log2(double value);

/* 10^(db/20) and 20·log10(ratio): decibels of amplitude. */
double dsp_amplitude(double db);
double dsp_decibels(double ratio);

#endif
