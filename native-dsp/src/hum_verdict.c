#include "hum_verdict.h"

#include "dsp_math.h"

/* Of hum_bins. */
static const int family_first[2] = {0, 8}, family_count[2] = {8, 7};

/* Of the triangle, which sums to 16, and of a block's half amplitude: from |phasor| to an amplitude in 16-bit samples. */
static const double phasor_amplitude = 2.0 / (16.0 * 200.0);

static const float audible_dbm0 = -62.0f;
/* Of |Σ now · before*| to Σ |now|²: even turning gives 1. */
static const float even = 0.85f;
static const float same_hz = 0.15f;
static const float farthest_hz = 1.2f;
static const float enough_evidence = 3.0f, most_evidence = 6.0f;
/* Quanta: what is less is the codec's own. */
static const float least_offset = 12.0f;

void hum_verdict_clear(hum_filter_t *hum, int lane)
{
    hum_reading_t *reading = &hum->readings[lane];
    *reading = (hum_reading_t){.total_dbm0 = -150.0f, .offset = reading->offset};
    for (int h = 0; h < HUM_HARMONICS; h++) {
        reading->harmonics_dbm0[h] = -150.0f;
        hum->notches[h].wanted[lane] = 0.0f;
    }
    hum->evidence[lane] = 0.0f;
    hum->family[lane] = 0;
}

/* Radians between −π and π; within 0.0001. */
static double angle(double y, double x)
{
    double ax = x < 0 ? -x : x, ay = y < 0 ? -y : y;
    if (ax + ay < 1e-30) return 0.0;
    double low = ax < ay ? ax : ay, high = ax < ay ? ay : ax, t = low / high, s = t * t;
    double a = t * (0.99997726 + s * (-0.33262347 + s * (0.19354346 + s * (-0.11643287 + s * (0.05265332 - s * 0.01172120)))));
    if (ay > ax) a = DSP_PI / 2.0 - a;
    if (x < 0) a = DSP_PI - a;
    return y < 0 ? -a : a;
}

/* Turns a phase difference into the one nearest to `expected`. */
static double nearest_turn(double radians, double expected)
{
    while (radians - expected > DSP_PI) radians -= 2.0 * DSP_PI;
    while (radians - expected < -DSP_PI) radians += 2.0 * DSP_PI;
    return radians;
}

/* One harmonic of a mean power, in dBm0, with the losses of the way here taken back. */
static float harmonic_dbm0(double power, int bin, double off_hz)
{
    double mean = power * phasor_amplitude * phasor_amplitude * 0.5;
    double w = DSP_PI * 10.0 * (double)hum_bins[bin] / 8000.0;
    double triangle = dsp_sin(4.0 * w) / (4.0 * dsp_sin(w));
    double late = DSP_PI * off_hz * 0.1, leak = late * late < 1e-6 ? 1.0 : dsp_sin(late) / late;
    double square = mean / (triangle * triangle * triangle * triangle * leak * leak);
    double reference = (double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0;
    return square < reference * 1e-15 ? -150.0f : (float)(0.5 * dsp_decibels(square / reference));
}

typedef struct { int known; int family; double off_hz; float base_dbm0; } hum_guess_t;

/* The family whose first three harmonics carry more, and how far it is from nominal, if what they do is even. */
static hum_guess_t guess(const hum_filter_t *hum, int lane)
{
    hum_guess_t best = {0};
    double most = 0.0;
    for (int f = 0; f < 2; f++) {
        int first = family_first[f], strongest = first;
        double total = 0.0;
        for (int b = first; b < first + 3; b++) {
            total += (double)hum->power[b][lane];
            if (hum->power[b][lane] > hum->power[strongest][lane]) strongest = b;
        }
        if (total <= most) continue;
        most = total;
        int k = strongest - first + 1;
        double re = (double)hum->turn[strongest].re[lane], im = (double)hum->turn[strongest].im[lane], power = (double)hum->power[strongest][lane];
        double turned = angle(im, re), off = turned / (2.0 * DSP_PI * 0.1 * k);
        double steady = (re * re + im * im) / (power * power + 1e-9);
        best = (hum_guess_t){.known = steady > (double)(even * even) && off < (double)farthest_hz && off > -(double)farthest_hz, .family = f, .off_hz = off};
        best.base_dbm0 = harmonic_dbm0(power / (double)hum->pairs[lane], strongest, off * k);
        /* The others, unwrapped by the first guess, refine it: k times the turn for the same error of phase. */
        double weight = 0.0, sum = 0.0;
        for (int b = first; b < first + family_count[f]; b++) {
            double at = (double)(b - first + 1), expected = 2.0 * DSP_PI * 0.1 * at * off;
            double r = (double)hum->turn[b].re[lane], i = (double)hum->turn[b].im[lane], p = (double)hum->power[b][lane];
            double phase = nearest_turn(angle(i, r), expected), apart = phase - expected;
            if (r * r + i * i < 0.81 * p * p || p < 0.01 * power || apart > 0.4 || apart < -0.4) continue;
            weight += p * at * at;
            sum += p * at * phase / (2.0 * DSP_PI * 0.1);
        }
        if (weight > 0.0) best.off_hz = sum / weight;
    }
    return best;
}

void hum_verdict_offset(hum_filter_t *hum, int lane)
{
    float mean = hum->offset_sum[lane] / (float)(16 * HUM_BLOCK_SAMPLES * HUM_SECOND_BLOCKS), before = hum->readings[lane].offset;
    float apart = mean - before < 0 ? before - mean : mean - before, size = mean < 0 ? -mean : mean;
    hum->offset_evidence[lane] += apart < 4.0f && size > least_offset ? 1.0f : -1.0f;
    if (hum->offset_evidence[lane] < 0.0f) hum->offset_evidence[lane] = 0.0f;
    if (hum->offset_evidence[lane] > most_evidence) hum->offset_evidence[lane] = most_evidence;
    if (hum->offset_evidence[lane] >= enough_evidence && hum->removing[lane]) hum->offset_wanted[lane] = 1.0f;
    if (hum->offset_evidence[lane] <= 0.0f) hum->offset_wanted[lane] = 0.0f;
    hum->readings[lane].offset = mean;
}

void hum_verdict_judge(hum_filter_t *hum, int lane)
{
    hum_reading_t *reading = &hum->readings[lane];
    hum_guess_t now = guess(hum, lane);
    int family = now.family == 0 ? 50 : 60;
    if (now.base_dbm0 < audible_dbm0 - 3.0f) {
        hum->evidence[lane] -= 1.0f; /* certainly none, not even under something louder */
    } else if (!now.known) {
        hum->evidence[lane] -= 0.1f; /* whatever covers it */
    } else if (hum->family[lane] == family && now.off_hz - (double)hum->off_nominal[lane] < (double)same_hz && now.off_hz - (double)hum->off_nominal[lane] > -(double)same_hz) {
        hum->evidence[lane] += 1.0f;
        hum->off_nominal[lane] += ((float)now.off_hz - hum->off_nominal[lane]) * 0.3f;
    } else if (hum->evidence[lane] < enough_evidence) {
        hum->family[lane] = family;
        hum->off_nominal[lane] = (float)now.off_hz;
        hum->evidence[lane] = 1.0f;
    } else {
        hum->evidence[lane] -= 0.5f;
    }
    if (hum->evidence[lane] > most_evidence) hum->evidence[lane] = most_evidence;
    if (hum->evidence[lane] <= 0.0f) {
        hum_verdict_clear(hum, lane);
    }
    if (!now.known || hum->family[lane] != family || hum->evidence[lane] < enough_evidence) return;

    int f = now.family, first = family_first[f];
    double total = 0.0;
    for (int h = 0; h < HUM_HARMONICS; h++) {
        hum_notch_t *notch = &hum->notches[h];
        int b = first + h;
        float dbm0 = -150.0f;
        if (h < family_count[f]) {
            double off = (double)hum->off_nominal[lane] * (h + 1), expected = 2.0 * DSP_PI * 0.1 * off;
            double r = (double)hum->turn[b].re[lane], i = (double)hum->turn[b].im[lane], p = (double)hum->power[b][lane];
            double apart = nearest_turn(angle(i, r), expected) - expected;
            bool turns = r * r + i * i > (double)(even * even) * p * p && apart < 0.4 && apart > -0.4;
            float found = turns ? harmonic_dbm0(p / (double)hum->pairs[lane], b, off) : -150.0f;
            /* Stronger than what it is a harmonic of: somebody's tone. */
            if (h < 3 || found <= now.base_dbm0) dbm0 = found;
            notch->mirrored[lane] = (float)-dsp_cos(2.0 * DSP_PI * ((double)family + (double)hum->off_nominal[lane]) * (h + 1) / 8000.0);
        }
        reading->harmonics_dbm0[h] = dbm0;
        if (dbm0 > -149.0f) total += dsp_exp2((double)dbm0 * 0.33219280948873623);
        if (dbm0 > audible_dbm0 && hum->removing[lane]) notch->wanted[lane] = 1.0f;
        if (dbm0 < audible_dbm0 - 6.0f) notch->wanted[lane] = 0.0f;
    }
    reading->fundamental_hz = (float)family + hum->off_nominal[lane];
    reading->total_dbm0 = total > 1e-15 ? (float)(0.5 * dsp_decibels(total)) : -150.0f;
}

