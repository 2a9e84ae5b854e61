#include "dtmf_receiver.h"

#include "dsp_math.h"

enum { QUIET, RISING, ON };

/* Of the energy in the band, the two tones must have this part in every window: 8 dB over noise in the band. */
static const float share_of_band = 0.86f;
/*
 * And this part in the mean, which a digit has in noise 9 dB below one of its tones, and speech nearly never. In short tones there
 * are fewer windows to tell speech by.
 */
static const float share_in_mean = 0.96f, share_in_mean_short = 0.97f;
/* Windows that are waited for when the mean is too low or the length too small. */
static const int more_hops = 4;
/* Of all energy, that below 600 Hz included, the tones must have this part: 350 + 440 Hz together 3 dB below the digit are tolerated. */
static const float share_of_all = 0.45f;
/* The same where dial tone may be 10 dB stronger than the digit. */
static const float share_beside_dial_tone = 0.03f;
/* A digit that is on may be covered by speech. */
static const float share_while_on = 0.3f;
/* A rising tone is even: no window lower than the greatest before it by more than 3 dB. */
static const float even = 0.5f;
/* A window is full of the tone, and tells its level, when it has at least this part of the greatest power: 1 dB. */
static const float full = 0.8f;
/* A tone is gone when its power is below this part of the greatest: 6 dB. */
static const float gone = 0.25f;
/* Between two windows the frequency may seem further off than in the mean. */
static const float tolerance_of_one = 1.6f;
/* Twist and least level are a little more generous than asked for, so that noise does not take away what the setting promises. */
static const double margin_db = 0.6;
/* Delay of the filters in samples, the mean of both groups. */
static const float filter_delay = 10.0f;

uint32_t DSP_EXPORT(dtmf_receiver_size)(void) { return sizeof(dtmf_receiver_t); }

void DSP_EXPORT(dtmf_receiver_init)(dtmf_receiver_t *receiver, const dtmf_table_t *table)
{
    memset(receiver, 0, sizeof *receiver);
    receiver->table = table;
    for (int lane = 0; lane < LANES; lane++) dtmf_receiver_set(receiver, lane, -42.0f, 4.0f, 8.0f, 0, 0, 0);
}

void DSP_EXPORT(dtmf_receiver_reset)(dtmf_receiver_t *receiver, int lane)
{
    for (int i = 0; i < 4; i++) receiver->half_band[i][lane] = receiver->high_pass[i][lane] = 0.0f;
    for (int k = 0; k < DTMF_HALF_HOP; k++) receiver->before[k][lane] = 0.0f;
    for (int f = 0; f < DTMF_FREQUENCIES; f++) receiver->real[f][lane] = receiver->imaginary[f][lane] = 0.0f;
    receiver->variance[lane] = 0.0f;
    receiver->origin[lane] = receiver->clock;
    dtmf_lane_t *state = &receiver->lane[lane];
    state->at = QUIET;
    state->first_event = state->events = state->lost = 0;
}

void DSP_EXPORT(dtmf_receiver_set)(dtmf_receiver_t *receiver, int lane, float minimum_dbm0, float high_over_low_db,
                                   float low_over_high_db, uint32_t short_tones, uint32_t dial_tone, uint32_t mute)
{
    double amplitude = (double)DSP_RMS_0_DBM0 * dsp_amplitude((double)minimum_dbm0 - margin_db);
    receiver->minimum[lane] = (float)(2.0 * amplitude * amplitude);
    receiver->high_over_low[lane] = (float)dsp_amplitude(2.0 * ((double)high_over_low_db + margin_db));
    receiver->low_over_high[lane] = (float)dsp_amplitude(2.0 * ((double)low_over_high_db + margin_db));
    receiver->share[lane] = dial_tone ? share_beside_dial_tone : share_of_all;
    dtmf_lane_t *state = &receiver->lane[lane];
    /*
     * A window of 10 ms is good when 8 ms of it are filled: 40 ms hold at least six of them, 23 ms at least three. 24 ms may hold
     * five, so the length is looked at, too (Q.24 table A-1: 23 or 24 ms are no signal).
     */
    state->needed_hops = short_tones ? 3 : 5;
    state->needed_length = short_tones ? 0.016f * DSP_SAMPLE_RATE_HZ : 0.027f * DSP_SAMPLE_RATE_HZ;
    /* A window is empty when its middle is: a break of 10 ms has two of them, one of 23 ms four, one of 40 ms eight. */
    state->absent_hops = short_tones ? 3 : 5;
    state->share_in_mean = short_tones ? share_in_mean_short : share_in_mean;
    state->mute = mute != 0;
}

/* Zero when next to nothing: in silence a filter would sink into denormal numbers, which are slow. */
static lanes_t settled(lanes_t value) { return lanes_select(lanes_abs(value) < lanes_splat(1e-12f), (lanes_t){0}, value); }

/* DTMF_HOP samples at 8 kHz to half as many at 4 kHz, filtered. Returns the variance of what came in, as square of a sine's amplitude. */
static lanes_t filter(dtmf_receiver_t *receiver, const int16_t *samples, int stride, lanes_t *out)
{
    lanes_t in0 = receiver->half_band[0], in1 = receiver->half_band[1], out0 = receiver->half_band[2], out1 = receiver->half_band[3];
    lanes_t a1 = receiver->high_pass[0], a2 = receiver->high_pass[1], b1 = receiver->high_pass[2], b2 = receiver->high_pass[3];
    lanes_t sum = {0}, squares = {0};
    for (int k = 0; k < DTMF_HALF_HOP; k++) {
        lanes_t early = lanes_load(samples, stride, 2 * k), late = lanes_load(samples, stride, 2 * k + 1);
        sum += early + late;
        squares += early * early + late * late;
        out0 = lanes_splat(dtmf_branch[0]) * (late - out0) + in0;
        out1 = lanes_splat(dtmf_branch[1]) * (early - out1) + in1;
        in0 = late;
        in1 = early;
        lanes_t value = lanes_splat(0.5f * dtmf_high_pass_gain) * (out0 + out1);
        lanes_t a = value + a1;
        a1 = lanes_splat(dtmf_zeros[0]) * value - lanes_splat(dtmf_poles[0][0]) * a + a2;
        a2 = value - lanes_splat(dtmf_poles[0][1]) * a;
        lanes_t b = a + b1;
        b1 = lanes_splat(dtmf_zeros[1]) * a - lanes_splat(dtmf_poles[1][0]) * b + b2;
        b2 = a - lanes_splat(dtmf_poles[1][1]) * b;
        out[k] = b;
    }
    receiver->half_band[0] = in0, receiver->half_band[1] = in1, receiver->half_band[2] = settled(out0), receiver->half_band[3] = settled(out1);
    receiver->high_pass[0] = settled(a1), receiver->high_pass[1] = settled(a2), receiver->high_pass[2] = settled(b1), receiver->high_pass[3] = settled(b2);
    return (squares - sum * sum * lanes_splat(1.0f / DTMF_HOP)) * lanes_splat(2.0f / DTMF_HOP);
}

/* Amplitudes of one group's four tones. The window is even around its middle, so cosines meet the sum of both halves and sines the difference. */
static void correlate(const float (*row)[2 * DTMF_FREQUENCIES], int from, const lanes_t *sums, const lanes_t *differences,
                      lanes_t *real, lanes_t *imaginary)
{
    lanes_t c0 = {0}, c1 = {0}, c2 = {0}, c3 = {0}, s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
    for (int k = 0; k < DTMF_HALF_HOP; k++) {
        const float *at = row[k] + from;
        lanes_t sum = sums[k], difference = differences[k];
        c0 += sum * lanes_splat(at[0]);
        c1 += sum * lanes_splat(at[1]);
        c2 += sum * lanes_splat(at[2]);
        c3 += sum * lanes_splat(at[3]);
        s0 += difference * lanes_splat(at[4]);
        s1 += difference * lanes_splat(at[5]);
        s2 += difference * lanes_splat(at[6]);
        s3 += difference * lanes_splat(at[7]);
    }
    real[0] = c0, real[1] = c1, real[2] = c2, real[3] = c3;
    imaginary[0] = -s0, imaginary[1] = -s1, imaginary[2] = -s2, imaginary[3] = -s3;
}

/* The strongest of four tones: its power behind the filters, in `before` that before them, and in `which` its number. */
static lanes_t strongest(const lanes_t *power, const float *level, lanes_t *before, lane_mask_t *which)
{
    lanes_t best = power[0], weight = lanes_splat(level[0]);
    lane_mask_t index = {0};
    for (int f = 1; f < 4; f++) {
        lane_mask_t more = power[f] > best;
        best = lanes_select(more, power[f], best);
        weight = lanes_select(more, lanes_splat(level[f]), weight);
        index = (more & f) | (~more & index);
    }
    *which = index;
    *before = best * weight;
    return best;
}

/* Amplitude of a tone. */
static float mean_of(const dtmf_lane_t *lane, int t) { return lane->steady[t] / (float)lane->steady_hops[t]; }

static void emit(const dtmf_table_t *table, dtmf_lane_t *lane, uint32_t kind, uint32_t duration)
{
    if (lane->events == DTMF_EVENTS) {
        lane->lost++;
        return;
    }
    double low = (double)(mean_of(lane, 0) / table->gain[lane->digit >> 2]);
    double high = (double)(mean_of(lane, 1) / table->gain[4 + (lane->digit & 3)]);
    double rms_squared = (low * low + high * high) / 2.0;
    lane->event[(lane->first_event + lane->events++) % DTMF_EVENTS] = (dtmf_event_t){
        .kind = kind,
        .digit = (uint32_t)dtmf_digits[lane->digit],
        .start = lane->start,
        .duration = duration,
        .level_dbm0 = (float)(dsp_decibels(rms_squared / ((double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0)) / 2.0),
        .twist_db = (float)dsp_decibels(high / low),
    };
}

/* One window of one lane, as the lane's machine sees it. */
typedef struct {
    bool good;
    int digit;
    float explained, total;  /* squared amplitudes in the band: of the two strongest tones, of everything */
    lanes_t *real, *imaginary; /* of this window */
} window_t;

static float amplitude_of(const lanes_t *real, const lanes_t *imaginary, int f, int l)
{
    return __builtin_sqrtf(real[f][l] * real[f][l] + imaginary[f][l] * imaginary[f][l]);
}

static void rise(dtmf_receiver_t *receiver, int l, const window_t *window)
{
    dtmf_lane_t *lane = &receiver->lane[l];
    lane->at = RISING;
    lane->digit = (uint8_t)window->digit;
    lane->hops = 1;
    lane->steady_hops[0] = lane->steady_hops[1] = 0;
    int tone[2] = {window->digit >> 2, 4 + (window->digit & 3)};
    for (int t = 0; t < 2; t++) {
        float amplitude = amplitude_of(window->real, window->imaginary, tone[t], l);
        lane->sum[t] = amplitude + amplitude_of(receiver->real, receiver->imaginary, tone[t], l);
        lane->reference[t] = amplitude * amplitude;
        lane->steady[t] = lane->missed[t] = lane->share[t] = lane->real[t] = lane->imaginary[t] = 0.0f;
    }
}

/* Adds a good window to what is known of the digit; false when a frequency is not what it should be. */
static bool follow(dtmf_receiver_t *receiver, int l, const window_t *window)
{
    dtmf_lane_t *lane = &receiver->lane[l];
    const dtmf_table_t *table = receiver->table;
    bool right = true;
    int tone[2] = {lane->digit >> 2, 4 + (lane->digit & 3)};
    for (int t = 0; t < 2; t++) {
        int f = tone[t];
        float real = window->real[f][l], imaginary = window->imaginary[f][l];
        float before_real = receiver->real[f][l], before_imaginary = receiver->imaginary[f][l];
        float power = real * real + imaginary * imaginary, amplitude = __builtin_sqrtf(power);
        if (lane->at == RISING && power < even * lane->reference[t]) right = false;
        if (!window->good && amplitude > mean_of(lane, t)) {
            /* A click within the digit does not make it stronger. */
            amplitude = mean_of(lane, t);
            power = 0.0f;
        }
        lane->sum[t] += amplitude + lane->missed[t];
        lane->missed[t] = 0.0f;
        if (power > lane->reference[t]) lane->reference[t] = power;
        if (power > full * lane->reference[t] || lane->steady_hops[t] == 0) {
            lane->steady[t] += amplitude;
            lane->steady_hops[t]++;
        }
        if (lane->at != RISING) continue;
        float product_real = real * before_real + imaginary * before_imaginary;
        float product_imaginary = imaginary * before_real - real * before_imaginary;
        float along = product_real * table->advance_cosine[f] + product_imaginary * table->advance_sine[f];
        float aside = product_imaginary * table->advance_cosine[f] - product_real * table->advance_sine[f];
        if (__builtin_fabsf(aside) > along * table->tolerance[f] * tolerance_of_one) right = false;
        lane->share[t] += power / window->total;
        lane->real[t] += along;
        lane->imaginary[t] += aside;
        if (__builtin_fabsf(lane->imaginary[t]) > lane->real[t] * table->tolerance[f]) right = false;
    }
    return right;
}

/* Sample since the lane's reset, of a time `back` samples before the middle of the current window. */
static uint32_t sample_at(const dtmf_receiver_t *receiver, int l, float back)
{
    int64_t at = (int64_t)(receiver->clock - receiver->origin[l]) - DTMF_HOP - (int64_t)(back + filter_delay);
    return at < 0 ? 0 : (uint32_t)at;
}

/* Length of the tone in samples: Hann windows half over each other add up to one, so amplitudes add up to the length. */
static float length_of(const dtmf_lane_t *lane)
{
    return (float)DTMF_HOP / 2.0f * (lane->sum[0] / mean_of(lane, 0) + lane->sum[1] / mean_of(lane, 1));
}

/* Whether the two tones are nearly all there is, in the mean of the windows since the rise. */
static bool pure(const dtmf_lane_t *lane)
{
    float share = 0.0f;
    for (int t = 0; t < 2; t++) {
        float size = __builtin_sqrtf(lane->real[t] * lane->real[t] + lane->imaginary[t] * lane->imaginary[t]);
        /* Off the nominal frequency by a phase p over a hop, a Hann window shows 1 - 0.131 p² of the power. */
        share += lane->share[t] / (1.0f - 0.261f * (1.0f - lane->real[t] / size));
    }
    return share > lane->share_in_mean * (float)(lane->hops - 1);
}

static void step(dtmf_receiver_t *receiver, int l, const window_t *window)
{
    dtmf_lane_t *lane = &receiver->lane[l];
    switch (lane->at) {
    case QUIET:
        if (window->good) rise(receiver, l, window);
        return;
    case RISING:
        if (!window->good) {
            lane->at = QUIET;
        } else if (window->digit != lane->digit || !follow(receiver, l, window)) {
            rise(receiver, l, window);
        } else if (++lane->hops >= lane->needed_hops) {
            if (!pure(lane) || length_of(lane) < lane->needed_length) {
                if (lane->hops >= lane->needed_hops + more_hops) rise(receiver, l, window);
                return;
            }
            lane->at = ON;
            lane->absent = 0;
            lane->start = sample_at(receiver, l, length_of(lane) - DTMF_HOP / 2.0f);
            emit(receiver->table, lane, DTMF_BEGIN, 0);
        }
        return;
    default: /* ON */
        break;
    }
    bool other = window->good && window->digit != lane->digit;
    bool present = !other && window->explained > share_while_on * window->total;
    float power[2];
    for (int t = 0; t < 2; t++) {
        int f = t == 0 ? lane->digit >> 2 : 4 + (lane->digit & 3);
        power[t] = window->real[f][l] * window->real[f][l] + window->imaginary[f][l] * window->imaginary[f][l];
        if (power[t] < gone * lane->reference[t]) present = false;
    }
    for (int t = 0; t < 2 && !present; t++) {
        /* The ends of the tone lie in windows that are no longer full. */
        float mean = mean_of(lane, t);
        float left = power[t] < 0.01f * lane->reference[t] ? 0.0f : __builtin_sqrtf(power[t]);
        if (left > mean) left = mean;
        lane->sum[t] += left;
        lane->missed[t] += mean - left;
    }
    if (present) {
        lane->absent = 0;
        follow(receiver, l, window);
    } else if (++lane->absent >= lane->absent_hops || other) {
        emit(receiver->table, lane, DTMF_END, (uint32_t)length_of(lane));
        lane->at = QUIET;
        if (other) rise(receiver, l, window);
    }
}

static void hop(dtmf_receiver_t *receiver, int16_t *samples, int stride)
{
    const dtmf_table_t *table = receiver->table;
    lanes_t fresh[DTMF_HALF_HOP], sums[DTMF_HALF_HOP], differences[DTMF_HALF_HOP];
    lanes_t variance = filter(receiver, samples, stride, fresh);
    receiver->clock += DTMF_HOP;
    lanes_t total = {0};
    for (int k = 0; k < DTMF_HALF_HOP; k++) {
        lanes_t after = fresh[k], before = receiver->before[DTMF_HALF_HOP - 1 - k];
        sums[k] = after + before;
        differences[k] = after - before;
        total += (after * after + before * before) * lanes_splat(table->energy[k]);
    }
    memcpy(receiver->before, fresh, sizeof fresh);

    lanes_t real[DTMF_FREQUENCIES], imaginary[DTMF_FREQUENCIES], power[DTMF_FREQUENCIES];
    correlate(table->tone, 0, sums, differences, real, imaginary);
    correlate(table->tone, DTMF_FREQUENCIES, sums, differences, real + 4, imaginary + 4);
    for (int f = 0; f < DTMF_FREQUENCIES; f++) power[f] = real[f] * real[f] + imaginary[f] * imaginary[f];
    lane_mask_t row, column;
    lanes_t low, high;
    lanes_t explained = strongest(power, table->level, &low, &row) + strongest(power + 4, table->level + 4, &high, &column);
    lanes_t all = (variance + receiver->variance) * lanes_splat(0.5f);
    lane_mask_t good = (low > receiver->minimum) & (high > receiver->minimum) & (high < low * receiver->high_over_low) &
                       (low < high * receiver->low_over_high) & (explained > total * lanes_splat(share_of_band)) &
                       (explained > all * receiver->share);
    receiver->variance = variance;

    for (int l = 0; l < LANES; l++) {
        dtmf_lane_t *lane = &receiver->lane[l];
        if (good[l] == 0 && lane->at == QUIET) continue;
        window_t window = {good[l] != 0, (int)(4 * row[l] + column[l]), explained[l], total[l], real, imaginary};
        step(receiver, l, &window);
        if (lane->mute && (lane->at == ON || (lane->at == RISING && lane->hops >= 2)))
            memset(samples + l * stride, 0, DTMF_HOP * sizeof *samples);
    }
    memcpy(receiver->real, real, sizeof real);
    memcpy(receiver->imaginary, imaginary, sizeof imaginary);
}

uint32_t DSP_EXPORT(dtmf_receiver_process)(dtmf_receiver_t *receiver, int16_t *samples, int stride, int count)
{
    for (int at = 0; at + DTMF_HOP <= count; at += DTMF_HOP) hop(receiver, samples + at, stride);
    uint32_t waiting = 0;
    for (int l = 0; l < LANES; l++) waiting |= (uint32_t)(receiver->lane[l].events > 0) << l;
    return waiting;
}

uint32_t DSP_EXPORT(dtmf_receiver_take)(dtmf_receiver_t *receiver, int lane, dtmf_event_t *event)
{
    dtmf_lane_t *state = &receiver->lane[lane];
    if (state->events == 0) return 0;
    *event = state->event[state->first_event];
    state->first_event = (state->first_event + 1) % DTMF_EVENTS;
    state->events--;
    return 1;
}

uint32_t DSP_EXPORT(dtmf_receiver_lost)(const dtmf_receiver_t *receiver, int lane) { return receiver->lane[lane].lost; }
