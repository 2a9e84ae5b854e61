#include "narrow_band.h"

/*
 * The spectrum of a voice falls so steeply that its low part alone would pass for a tone: it is made even first, by a zero here.
 * What four samples then do not foretell of a tone is at most this part of its power (-14.6 dB; G.711 leaves -15 dB of DTMF).
 */
static const float emphasis = 0.9f, unforetold = 0.035f;
/* Mean square below which nothing is judged: -55 dBm0, for emphasis takes from low tones. */
static const float active_power = 30.0f * 30.0f;
/* Windows in succession that must be tonal: a vowel seldom is for so long. */
static const float tonal_blocks = 2.0f;
/* A tone stays in the echo path after its end. */
static const float hold_blocks = 16.0f;
/* Against the rounding of 32-bit arithmetic, as a part of the power. */
static const float rounding = 1e-6f;

#define SIZE (NARROW_BAND_ORDER + 1)

void narrow_band_reset(narrow_band_t *detector, int lane)
{
    for (int i = 0; i < NARROW_BAND_ORDER; i++) detector->past[i][lane] = 0.0f;
    for (int b = 0; b < NARROW_BAND_BLOCKS; b++) {
        for (int i = 0; i < NARROW_BAND_PRODUCTS; i++) detector->products[b][i][lane] = 0.0f;
    }
    detector->before[lane] = detector->tonal[lane] = detector->hold[lane] = 0.0f;
}

/* Sums over the block of x[n - i]·x[n - j] for i ≤ j, row after row. */
static void products_of(narrow_band_t *detector, const lanes_t *samples, lanes_t *products)
{
    lanes_t x[NARROW_BAND_ORDER + NARROW_BAND_BLOCK];
    for (int i = 0; i < NARROW_BAND_ORDER; i++) x[NARROW_BAND_ORDER - 1 - i] = detector->past[i];
    lanes_t before = detector->before;
    for (int n = 0; n < NARROW_BAND_BLOCK; n++) {
        x[NARROW_BAND_ORDER + n] = samples[n] - lanes_splat(emphasis) * before;
        before = samples[n];
    }
    detector->before = before;
    for (int i = 0; i < NARROW_BAND_ORDER; i++) detector->past[i] = x[NARROW_BAND_ORDER + NARROW_BAND_BLOCK - 1 - i];
    lanes_t sum[SIZE] = {0};
    for (int n = NARROW_BAND_ORDER; n < NARROW_BAND_ORDER + NARROW_BAND_BLOCK; n++) {
        for (int j = 0; j < SIZE; j++) sum[j] += x[n] * x[n - j];
    }
    memcpy(products, sum, sizeof sum);
    /* A row lower is a sample earlier: one product comes in, one goes out. */
    const lanes_t *first = x + NARROW_BAND_ORDER, *last = x + NARROW_BAND_ORDER + NARROW_BAND_BLOCK - 1;
    const lanes_t *above = products;
    lanes_t *row = products + SIZE;
    for (int i = 1; i < SIZE; i++) {
        for (int j = i; j < SIZE; j++) row[j - i] = above[j - i] + first[-i] * first[-j] - last[1 - i] * last[1 - j];
        above = row;
        row += SIZE - i;
    }
}

/* The power that is left when x[n] is foretold as well as can be: the last pivot of an elimination that ends at x[n]. */
static lanes_t prediction_error(const lanes_t *products)
{
    lanes_t matrix[SIZE][SIZE]; /* of x[n-4] … x[n] */
    const lanes_t *from = products;
    for (int i = 0; i < SIZE; i++) {
        for (int j = i; j < SIZE; j++) matrix[SIZE - 1 - j][SIZE - 1 - i] = *from++;
    }
    lanes_t small = products[0] * lanes_splat(rounding) + lanes_splat(1.0f);
    for (int p = 0; p < SIZE - 1; p++) {
        lanes_t pivot = lanes_splat(1.0f) / lanes_max(matrix[p][p], small);
        for (int i = p + 1; i < SIZE; i++) {
            lanes_t factor = matrix[p][i] * pivot;
            for (int j = i; j < SIZE; j++) matrix[i][j] -= factor * matrix[p][j];
        }
    }
    return matrix[SIZE - 1][SIZE - 1];
}

lane_mask_t narrow_band_push(narrow_band_t *detector, const lanes_t samples[NARROW_BAND_BLOCK])
{
    detector->at = (detector->at + 1) % NARROW_BAND_BLOCKS;
    products_of(detector, samples, detector->products[detector->at]);
    lanes_t products[NARROW_BAND_PRODUCTS] = {0};
    for (int b = 0; b < NARROW_BAND_BLOCKS; b++) {
        for (int i = 0; i < NARROW_BAND_PRODUCTS; i++) products[i] += detector->products[b][i];
    }
    lane_mask_t active = products[0] > lanes_splat(NARROW_BAND_BLOCK * NARROW_BAND_BLOCKS * active_power);
    lane_mask_t tone = active & (prediction_error(products) < products[0] * lanes_splat(unforetold));
    detector->tonal = lanes_select(tone, detector->tonal + lanes_splat(1.0f), lanes_splat(0.0f));
    tone = detector->tonal >= lanes_splat(tonal_blocks);
    detector->hold = lanes_select(tone, lanes_splat(hold_blocks), lanes_max(detector->hold - lanes_splat(1.0f), lanes_splat(0.0f)));
    return detector->hold > lanes_splat(0.5f);
}
