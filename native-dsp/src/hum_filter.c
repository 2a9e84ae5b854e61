#include "hum_filter.h"

#include "dsp_math.h"

/* Multiples of 10 Hz: eight harmonics of 50 Hz, seven of 60. */
static const uint8_t bins[HUM_BINS] = {5, 10, 15, 20, 25, 30, 35, 40, 6, 12, 18, 24, 30, 36, 42};
static const int family_first[2] = {0, 8}, family_count[2] = {8, 7};

static const int block_samples = 200; /* 100 ms at 2 kHz */
static const int second_blocks = 10;
static const float enough_pairs = 8.0f;
/* A block of no more than so much energy to the least is quiet; the least is of the last 4 to 8 s. */
static const float quiet_ratio = 2.5f;
static const int32_t window_blocks = 40;
/* Energy of a block in which only the last bit moves: always quiet. */
static const float silent = 200.0f * 16.0f * 16.0f * 4.0f;
/* Of the triangle, which sums to 16, and of a block's half amplitude: from |phasor| to an amplitude in 16-bit samples. */
static const double phasor_amplitude = 2.0 / (16.0 * 200.0);

static const float audible_dbm0 = -62.0f;
static const float energy_unknown = 1e20f;

/* Of |Σ now · before*| to Σ |now|²: even turning gives 1. */
static const float even = 0.85f;
static const float same_hz = 0.15f;
static const float farthest_hz = 1.2f;
static const float enough_evidence = 3.0f, most_evidence = 6.0f;
/* Quanta: what is less is the codec's own. */
static const float least_offset = 12.0f;

/* (1 − tan(πB/fs)) / (1 + tan(πB/fs)) for B = 4 Hz. */
static const float notch_width = 0.99686334f;
static const float fade = 1.0f / 800.0f;
/* A fifth of a second: 0.8 Hz. */
static const float offset_slide = 1.0f / 1600.0f;

uint32_t DSP_EXPORT(hum_filter_size)(void) { return sizeof(hum_filter_t); }

static void forget(hum_reading_t *reading, float offset)
{
    *reading = (hum_reading_t){.total_dbm0 = -150.0f, .offset = offset};
    for (int h = 0; h < HUM_HARMONICS; h++) reading->harmonics_dbm0[h] = -150.0f;
}

void DSP_EXPORT(hum_filter_reset)(hum_filter_t *hum, int lane)
{
    hum->rising[lane] = hum->carried[lane] = hum->falling[lane] = hum->offset_sum[lane] = 0.0f;
    for (int b = 0; b < HUM_BINS; b++) {
        hum->now[b].re[lane] = hum->now[b].im[lane] = hum->before[b].re[lane] = hum->before[b].im[lane] = 0.0f;
        hum->turn[b].re[lane] = hum->turn[b].im[lane] = hum->power[b][lane] = 0.0f;
    }
    hum->sum[lane] = hum->square[lane] = hum->pairs[lane] = 0.0f;
    hum->least[lane] = hum->next_least[lane] = energy_unknown;
    hum->quiet[lane] = 0;
    for (int h = 0; h < HUM_HARMONICS; h++) {
        hum_notch_t *notch = &hum->notches[h];
        notch->mirrored[lane] = notch->share[lane] = notch->wanted[lane] = notch->first[lane] = notch->second[lane] = 0.0f;
    }
    hum->offset[lane] = hum->offset_share[lane] = hum->offset_wanted[lane] = 0.0f;
    hum->family[lane] = 0;
    hum->off_nominal[lane] = hum->evidence[lane] = hum->offset_evidence[lane] = 0.0f;
    hum->removing[lane] = 1;
    forget(&hum->readings[lane], 0.0f);
}

void DSP_EXPORT(hum_filter_init)(hum_filter_t *hum)
{
    *hum = (hum_filter_t){0};
    for (int i = 0; i < 200; i++) hum->cosine[i] = (float)dsp_cos(2.0 * DSP_PI * i / 200.0);
    for (int lane = 0; lane < LANES; lane++) hum_filter_reset(hum, lane);
}

void DSP_EXPORT(hum_filter_remove)(hum_filter_t *hum, int lane, int on)
{
    hum->removing[lane] = on;
    if (on) return; /* the next verdict begins */
    for (int h = 0; h < HUM_HARMONICS; h++) hum->notches[h].wanted[lane] = 0.0f;
    hum->offset_wanted[lane] = 0.0f;
}

void DSP_EXPORT(hum_filter_read)(const hum_filter_t *hum, int lane, hum_reading_t *reading) { *reading = hum->readings[lane]; }

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
    double w = DSP_PI * 10.0 * (double)bins[bin] / 8000.0;
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

static void judge_offset(hum_filter_t *hum, int lane)
{
    float mean = hum->offset_sum[lane] / (float)(16 * block_samples * second_blocks), before = hum->readings[lane].offset;
    float apart = mean - before < 0 ? before - mean : mean - before, size = mean < 0 ? -mean : mean;
    hum->offset_evidence[lane] += apart < 4.0f && size > least_offset ? 1.0f : -1.0f;
    if (hum->offset_evidence[lane] < 0.0f) hum->offset_evidence[lane] = 0.0f;
    if (hum->offset_evidence[lane] > most_evidence) hum->offset_evidence[lane] = most_evidence;
    if (hum->offset_evidence[lane] >= enough_evidence && hum->removing[lane]) hum->offset_wanted[lane] = 1.0f;
    if (hum->offset_evidence[lane] <= 0.0f) hum->offset_wanted[lane] = 0.0f;
    hum->readings[lane].offset = mean;
}

static void judge(hum_filter_t *hum, int lane)
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
        hum->evidence[lane] = 0.0f;
        hum->family[lane] = 0;
        forget(reading, reading->offset);
        for (int h = 0; h < HUM_HARMONICS; h++) hum->notches[h].wanted[lane] = 0.0f;
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

/* Which lanes were quiet in this block. */
static lane_mask_t listen(hum_filter_t *hum)
{
    lanes_t energy = hum->square - hum->sum * hum->sum * lanes_splat(1.0f / (float)block_samples);
    hum->sum = hum->square = (lanes_t){0};
    hum->least = lanes_min(hum->least, energy);
    hum->next_least = lanes_min(hum->next_least, energy);
    if (++hum->window >= window_blocks) {
        hum->window = 0;
        hum->least = hum->next_least;
        hum->next_least = lanes_splat(energy_unknown);
    }
    return energy <= lanes_max(hum->least * lanes_splat(quiet_ratio), lanes_splat(silent));
}

static void end_block(hum_filter_t *hum)
{
    lane_mask_t quiet = listen(hum);
    lanes_t pair = lanes_select(quiet & hum->quiet, lanes_splat(1.0f), (lanes_t){0});
    hum->quiet = quiet;
    hum->pairs += pair;
    for (int b = 0; b < HUM_BINS; b++) {
        hum_phasor_t now = hum->now[b], before = hum->before[b];
        hum->turn[b].re += (now.re * before.re + now.im * before.im) * pair;
        hum->turn[b].im += (now.im * before.re - now.re * before.im) * pair;
        hum->power[b] += (now.re * now.re + now.im * now.im) * pair;
        hum->before[b] = now;
        hum->now[b] = (hum_phasor_t){0};
    }
    hum->sample = 0;
    if (++hum->block < second_blocks) return;
    hum->block = 0;
    for (int lane = 0; lane < LANES; lane++) {
        judge_offset(hum, lane);
        if (hum->pairs[lane] >= enough_pairs) {
            judge(hum, lane);
            hum->pairs[lane] = 0.0f;
            for (int b = 0; b < HUM_BINS; b++) hum->turn[b].re[lane] = hum->turn[b].im[lane] = hum->power[b][lane] = 0.0f;
        }
        float removed = hum->offset_wanted[lane] > 0.0f ? 256.0f : 0.0f;
        for (int h = 0; h < HUM_HARMONICS; h++) removed += hum->notches[h].wanted[lane] > 0.0f ? (float)(1 << h) : 0.0f;
        hum->readings[lane].removed = removed;
    }
    hum->offset_sum = (lanes_t){0};
}

static void measure(hum_filter_t *hum, lanes_t sample)
{
    hum->rising += sample * lanes_splat((float)(hum->phase + 1));
    hum->falling += sample * lanes_splat((float)(3 - hum->phase));
    if (++hum->phase < 4) return;
    lanes_t value = hum->carried + hum->falling;
    hum->carried = hum->rising;
    hum->rising = hum->falling = (lanes_t){0};
    hum->phase = 0;

    hum->offset_sum += value;
    hum->sum += value;
    hum->square += value * value;
    for (int b = 0; b < HUM_BINS; b++) {
        int at = hum->sample * bins[b] % 200;
        hum->now[b].re += value * lanes_splat(hum->cosine[at]);
        hum->now[b].im -= value * lanes_splat(hum->cosine[at < 50 ? at + 150 : at - 50]);
    }
    if (++hum->sample == block_samples) end_block(hum);
}

static lanes_t towards(lanes_t share, lanes_t wanted)
{
    return share + lanes_max(lanes_splat(-fade), lanes_min(lanes_splat(fade), wanted - share));
}

/* A notch is half the sum of its input and of an allpass of it, a lattice that stays stable however its frequency is moved. */
static lanes_t notch_step(hum_notch_t *notch, lanes_t sample)
{
    lanes_t outer = sample - lanes_splat(notch_width) * notch->second;
    lanes_t allpass = notch->second + lanes_splat(notch_width) * outer;
    lanes_t inner = outer - notch->mirrored * notch->first;
    notch->second = notch->first + notch->mirrored * inner;
    notch->first = inner;
    notch->share = towards(notch->share, notch->wanted);
    return sample + notch->share * (allpass - sample) * lanes_splat(0.5f);
}

void DSP_EXPORT(hum_filter_process)(hum_filter_t *hum, int16_t *samples, int stride, int count)
{
    hum_notch_t *busy[HUM_HARMONICS];
    int notches = 0;
    lane_mask_t touched = (hum->offset_share > (lanes_t){0}) | (hum->offset_wanted > (lanes_t){0});
    for (int h = 0; h < HUM_HARMONICS; h++) {
        hum_notch_t *notch = &hum->notches[h];
        lane_mask_t here = (notch->share > (lanes_t){0}) | (notch->wanted > (lanes_t){0});
        touched |= here;
        notch->first = lanes_select(here, notch->first, (lanes_t){0});
        notch->second = lanes_select(here, notch->second, (lanes_t){0});
        if (lanes_any(here)) busy[notches++] = notch;
    }
    bool any = lanes_any(touched);
    for (int i = 0; i < count; i++) {
        lanes_t sample = lanes_load(samples, stride, i), value = sample;
        measure(hum, sample);
        hum->offset += (sample - hum->offset) * lanes_splat(offset_slide);
        if (!any) continue;
        hum->offset_share = towards(hum->offset_share, hum->offset_wanted);
        value -= hum->offset * hum->offset_share;
        for (int n = 0; n < notches; n++) value = notch_step(busy[n], value);
        lanes_store(samples, stride, i, lanes_select(touched, value, sample));
    }
    /* What fades towards zero would become numbers too small to be normal, which are slow. */
    hum->offset = lanes_select(lanes_abs(hum->offset) < lanes_splat(1e-6f), (lanes_t){0}, hum->offset);
    for (int n = 0; n < notches; n++) {
        busy[n]->first = lanes_select(lanes_abs(busy[n]->first) < lanes_splat(1e-6f), (lanes_t){0}, busy[n]->first);
        busy[n]->second = lanes_select(lanes_abs(busy[n]->second) < lanes_splat(1e-6f), (lanes_t){0}, busy[n]->second);
    }
}
