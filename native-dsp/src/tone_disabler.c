#include "tone_disabler.h"

#include "dsp_math.h"

static const double tone_hz = 2100.0;
/* G.164 5.2: detected from -31 dBm0, held above it, released below -36 dBm0. Mean square of -34 dBm0. */
static const float holding_power = DSP_RMS_0_DBM0 * DSP_RMS_0_DBM0 * 3.98e-4f;
/* The tone's part of the power; noise 5 dB below it passes. */
static const float purity = 0.7f;
/* Cosine of the rotation a block (4 ms) of a tone 40 Hz beside 2100 Hz: V.25 allows ±15 Hz, detectors ±21 Hz. */
static const float turn_limit = 0.54f;
/* Cosine of what still is a reversal: 180° ± 40°. */
static const float reversal = -0.766f;
/* A tone before its reversal counts: 80 ms. */
static const float steady_blocks = 20.0f;
/* A reversal spoils a block; a tone that misses more is over. */
static const float missing_blocks = 4.0f;
/* V.8: 450 ± 25 ms between reversals; with the granularity of detection. */
static const float interval_from_blocks = 102.0f, interval_to_blocks = 123.0f;
static const float reversals_needed = 2.0f;
/* 250 ± 150 ms below the holding level. */
static const float release_blocks = 63.0f;

void tone_disabler_init(tone_disabler_t *disabler)
{
    memset(disabler, 0, sizeof *disabler);
    for (int n = 0; n < TONE_DISABLER_PERIOD + TONE_DISABLER_BLOCK; n++) {
        double angle = 2.0 * DSP_PI * tone_hz / DSP_SAMPLE_RATE_HZ * n;
        disabler->cosine[n] = (float)dsp_cos(angle);
        disabler->sine[n] = (float)-dsp_sin(angle);
    }
}

static void reset_side(tone_disabler_side_t *side, int lane)
{
    for (int i = 0; i < 2; i++) {
        side->re[i][lane] = side->im[i][lane] = 0.0f;
        side->clear[i][lane] = 0;
    }
    side->turn_re[lane] = side->turn_im[lane] = 0.0f;
    side->steady[lane] = side->missing[lane] = side->since[lane] = side->reversals[lane] = 0.0f;
}

void tone_disabler_reset(tone_disabler_t *disabler, int lane)
{
    reset_side(&disabler->far, lane);
    reset_side(&disabler->near, lane);
    disabler->quiet[lane] = 0.0f;
    disabler->disabled[lane] = 0;
}

static lanes_t zero(void) { return lanes_splat(0.0f); }
static lanes_t one(void) { return lanes_splat(1.0f); }

/* A block of one direction by its phasor; where enough reversals have been seen. */
static lane_mask_t push(tone_disabler_side_t *side, lanes_t re, lanes_t im, lanes_t energy)
{
    /* Of a sine of amplitude a over n samples the phasor is a·n/2 and the energy a²·n/2. */
    lanes_t square = re * re + im * im;
    lane_mask_t clear = (energy > lanes_splat(TONE_DISABLER_BLOCK * holding_power)) & (square > energy * lanes_splat(purity * TONE_DISABLER_BLOCK / 2.0f));
    lanes_t length = lanes_sqrt(square) + lanes_splat(1e-9f);
    re /= length;
    im /= length;

    /* How far it has turned since the last block, in which there was no reversal. */
    lanes_t turn_re = re * side->re[0] + im * side->im[0], turn_im = im * side->re[0] - re * side->im[0];
    lane_mask_t first = (side->steady < lanes_splat(1.5f));
    lanes_t agreement = turn_re * side->turn_re + turn_im * side->turn_im;
    lane_mask_t follows = clear & side->clear[0] & (first | (agreement > lanes_splat(0.7f)));
    lanes_t part = lanes_select(follows, lanes_select(first, one(), lanes_splat(0.2f)), zero());
    side->turn_re += (turn_re - side->turn_re) * part;
    side->turn_im += (turn_im - side->turn_im) * part;
    lane_mask_t beside = follows & (side->turn_re < lanes_splat(turn_limit));

    /* Against the block before the last, where the tone would be by now without a reversal: the last may be spoilt by one. */
    lanes_t two_re = side->turn_re * side->turn_re - side->turn_im * side->turn_im, two_im = lanes_splat(2.0f) * side->turn_re * side->turn_im;
    lanes_t there_re = side->re[1] * two_re - side->im[1] * two_im, there_im = side->re[1] * two_im + side->im[1] * two_re;
    lane_mask_t reversed = clear & side->clear[1] & (side->steady >= lanes_splat(steady_blocks)) & (re * there_re + im * there_im < lanes_splat(reversal));

    side->since += one();
    lane_mask_t timely = (side->since >= lanes_splat(interval_from_blocks)) & (side->since <= lanes_splat(interval_to_blocks));
    lane_mask_t counted = reversed & ((side->since > lanes_splat(4.0f)) | (side->reversals < lanes_splat(0.5f)));
    side->reversals = lanes_select(counted, lanes_select(timely, side->reversals + one(), one()), side->reversals);
    side->since = lanes_select(counted, zero(), side->since);

    side->missing = lanes_select(clear & ~beside, zero(), side->missing + one());
    lane_mask_t over = beside | (side->missing > lanes_splat(missing_blocks));
    side->steady = lanes_select(over, zero(), lanes_select(clear, side->steady + one(), side->steady));
    side->reversals = lanes_select(over, zero(), side->reversals);

    side->re[1] = side->re[0];
    side->im[1] = side->im[0];
    side->clear[1] = side->clear[0];
    side->re[0] = re;
    side->im[0] = im;
    side->clear[0] = clear;
    return side->reversals >= lanes_splat(reversals_needed);
}

lane_mask_t tone_disabler_push(tone_disabler_t *disabler, const lanes_t *far, const lanes_t *near, lanes_t far_energy, lanes_t near_energy)
{
    lanes_t far_re = zero(), far_im = zero(), near_re = zero(), near_im = zero();
    const float *cosine = disabler->cosine + disabler->phase, *sine = disabler->sine + disabler->phase;
    for (int n = 0; n < TONE_DISABLER_BLOCK; n++) {
        lanes_t c = lanes_splat(cosine[n]), s = lanes_splat(sine[n]);
        far_re += far[n] * c;
        far_im += far[n] * s;
        near_re += near[n] * c;
        near_im += near[n] * s;
    }
    disabler->phase = (disabler->phase + TONE_DISABLER_BLOCK) % TONE_DISABLER_PERIOD;
    lane_mask_t found = push(&disabler->far, far_re, far_im, far_energy) | push(&disabler->near, near_re, near_im, near_energy);
    lane_mask_t signal = lanes_max(far_energy, near_energy) > lanes_splat(TONE_DISABLER_BLOCK * holding_power);
    disabler->quiet = lanes_select(signal, zero(), disabler->quiet + one());
    disabler->disabled = (disabler->disabled | found) & (disabler->quiet < lanes_splat(release_blocks));
    return disabler->disabled;
}
