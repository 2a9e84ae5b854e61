/* The windowed sinc of the resamplers, for tables made at the start. */
#ifndef TIPRING_KAISER_H
#define TIPRING_KAISER_H

/*
 * sin(πx)/(πx) under a Kaiser window; `edge` is the place in the window, −1 … 1 (0 outside), `shape` its β: about
 * 0.11·(attenuation in dB − 8.7).
 */
double kaiser_sinc(double x, double edge, double shape);

#endif
