#include "fsk_receiver.h"

#include "dsp_math.h"

/* Samples that go through the correlators together, which lets the compiler take several at a time. */
#define CHUNK 32

static const float bit = 6.666667f; /* samples: 8000 / 1200 */
/* Weight of the outermost of seven samples: the window is one bit long. */
static const float border = 0.833333f;
/* From the square of an amplitude to mean square: a tone of amplitude 1 gives half the weights, 3.333. */
static const float power_gain = 0.045f;

/* As mean square: the carrier comes at -45 dBm0 and goes at -48 dBm0. EN 300 659-1 and TIA-777 ask for about -36 dBm. */
static const float carrier_on = 8238.8f, carrier_off = 4129.2f;
static const float power_slide = 0.04f;

/* How far from zero the middle between mark and space may lie, as a part of their distance, and how fast it is followed. */
static const float most_offset = 0.4f, middle_slide = 0.4f;

/* A start edge is searched for again within a sample and a half of where noise may have moved it. */
static const float search = 1.5f, search_step = 0.5f;

/* Of what the ten bits have on average, what the start bit must have at least: less is noise in mark. */
static const float least_start = 0.25f;

static void correlate(fsk_receiver_t *r, const int16_t *samples, int count, float powers[CHUNK]);
static void watch_carrier(fsk_receiver_t *r);
static void read_bits(fsk_receiver_t *r);
static float decision(const fsk_receiver_t *r, float at);
static void read_character(fsk_receiver_t *r);
static void tell(fsk_receiver_t *r, fsk_symbol_t symbol);

uint32_t DSP_EXPORT(fsk_receiver_size)(void) { return sizeof(fsk_receiver_t); }

void DSP_EXPORT(fsk_receiver_init)(fsk_receiver_t *r, int modem)
{
    memset(r, 0, sizeof *r);
    r->modem = modem == FSK_V23 ? FSK_V23 : FSK_BELL_202;
    double mark = r->modem == FSK_V23 ? 1300.0 : 1200.0, space = r->modem == FSK_V23 ? 2100.0 : 2200.0;
    for (int i = 0; i < 4; i++) {
        double weight = i == 3 ? (double)border : 1.0, step = 2.0 * DSP_PI * (double)i / DSP_SAMPLE_RATE_HZ;
        r->mark_cosine[i] = (float)(weight * dsp_cos(step * mark));
        r->mark_sine[i] = (float)(weight * dsp_sin(step * mark));
        r->space_cosine[i] = (float)(weight * dsp_cos(step * space));
        r->space_sine[i] = (float)(weight * dsp_sin(step * space));
    }
}

bool DSP_EXPORT(fsk_receiver_push)(fsk_receiver_t *r, const int16_t *samples, int count)
{
    for (int from = 0; from < count; from += CHUNK) {
        int taken = count - from < CHUNK ? count - from : CHUNK;
        float powers[CHUNK];
        correlate(r, samples + from, taken, powers);
        for (int i = 0; i < taken; i++) {
            r->now++;
            r->power += (powers[i] - r->power) * power_slide;
            watch_carrier(r);
            if (r->carrier) read_bits(r);
        }
    }
    return r->told != r->taken;
}

bool DSP_EXPORT(fsk_receiver_take)(fsk_receiver_t *r, fsk_symbol_t *symbol)
{
    if (r->told == r->taken) return false;
    *symbol = r->symbols[r->taken++ % FSK_SYMBOLS];
    return true;
}

static void tell(fsk_receiver_t *r, fsk_symbol_t symbol)
{
    r->symbols[r->told++ % FSK_SYMBOLS] = symbol;
    if (r->told - r->taken > FSK_SYMBOLS) r->taken = r->told - FSK_SYMBOLS;
}

/* Amplitudes of both tones in the seven samples that end at each, into the rings ahead of `now`; and the stronger one's power. */
static void correlate(fsk_receiver_t *r, const int16_t *samples, int count, float powers[CHUNK])
{
    float x[CHUNK + 6] = {0}, differences[CHUNK], spaces[CHUNK];
    memcpy(x, r->history, sizeof r->history);
    for (int i = 0; i < count; i++) x[i + 6] = (float)samples[i];
    for (int i = 0; i < CHUNK; i++) {
        float sum1 = x[i + 4] + x[i + 2], sum2 = x[i + 5] + x[i + 1], sum3 = x[i + 6] + x[i];
        float difference1 = x[i + 4] - x[i + 2], difference2 = x[i + 5] - x[i + 1], difference3 = x[i + 6] - x[i];
        float mark_real = x[i + 3] + sum1 * r->mark_cosine[1] + sum2 * r->mark_cosine[2] + sum3 * r->mark_cosine[3];
        float mark_imaginary = difference1 * r->mark_sine[1] + difference2 * r->mark_sine[2] + difference3 * r->mark_sine[3];
        float space_real = x[i + 3] + sum1 * r->space_cosine[1] + sum2 * r->space_cosine[2] + sum3 * r->space_cosine[3];
        float space_imaginary = difference1 * r->space_sine[1] + difference2 * r->space_sine[2] + difference3 * r->space_sine[3];
        float mark = mark_real * mark_real + mark_imaginary * mark_imaginary;
        float space = space_real * space_real + space_imaginary * space_imaginary;
        spaces[i] = __builtin_sqrtf(space);
        differences[i] = __builtin_sqrtf(mark) - spaces[i];
        powers[i] = (mark > space ? mark : space) * power_gain;
    }
    memcpy(r->history, x + count, sizeof r->history);
    for (int i = 0; i < count; i++) {
        uint32_t at = (r->now + 1 + (uint32_t)i) % FSK_RING;
        r->differences[at] = differences[i];
        r->spaces[at] = spaces[i];
    }
}

static float level_dbm0(const fsk_receiver_t *r)
{
    return (float)(0.5 * dsp_decibels((double)(r->power > 1e-3f ? r->power : 1e-3f) / ((double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0)));
}

static void watch_carrier(fsk_receiver_t *r)
{
    if (!r->carrier && r->power > carrier_on) {
        r->carrier = true;
        r->framing = r->expected = false;
        r->middle = 0.0f;
        r->scan = r->idle_from = r->now - 8;
        tell(r, (fsk_symbol_t){.kind = FSK_SYMBOL_CARRIER, .at = r->now, .level_dbm0 = level_dbm0(r)});
    } else if (r->carrier && r->power < carrier_off) {
        r->carrier = false;
        tell(r, (fsk_symbol_t){.kind = FSK_SYMBOL_CARRIER_LOST, .at = r->now, .level_dbm0 = level_dbm0(r)});
    }
}

/* Positive for mark. */
static float decision_at(const fsk_receiver_t *r, uint32_t sample)
{
    return r->differences[sample % FSK_RING] - r->middle;
}

/* Between samples; `at` is relative to `scan`. */
static float decision(const fsk_receiver_t *r, float at)
{
    int whole = (int)at - (at < 0.0f);
    float fraction = at - (float)whole;
    uint32_t sample = r->scan + (uint32_t)whole;
    return decision_at(r, sample) * (1.0f - fraction) + decision_at(r, sample + 1) * fraction;
}

static void read_bits(fsk_receiver_t *r)
{
    for (;;) {
        if (r->framing) {
            /* The whole character and the search about it must be there. */
            if ((int32_t)(r->now - r->scan) < (int32_t)(r->edge + 9.5f * bit + search) + 2) return;
            r->framing = false;
            read_character(r);
            continue;
        }
        if ((int32_t)(r->now - r->scan) < (int32_t)(0.5f * bit) + 3) return;
        float before = decision_at(r, r->scan), after = decision_at(r, r->scan + 1);
        if (before >= 0.0f && after < 0.0f) {
            float edge = before / (before - after);
            if (decision(r, edge + 0.5f * bit) < 0.0f) {
                r->framing = true;
                r->edge = edge;
                continue;
            }
        }
        r->scan++;
    }
}

/* How well ten bits from `edge` fit a character. */
static float fitness(const fsk_receiver_t *r, float edge)
{
    float sum = decision(r, edge + 9.5f * bit) - decision(r, edge + 0.5f * bit);
    for (int k = 1; k <= 8; k++) {
        float d = decision(r, edge + ((float)k + 0.5f) * bit);
        sum += d < 0.0f ? -d : d;
    }
    return sum;
}

/* Nothing of a signal where the start bit should be: the message has ended. */
static bool is_silent(const fsk_receiver_t *r, float edge)
{
    uint32_t sample = r->scan + (uint32_t)(int32_t)(edge + 0.5f * bit + 0.5f);
    float space = r->spaces[sample % FSK_RING];
    return space * space * power_gain < carrier_off;
}

static void find_middle(fsk_receiver_t *r, float edge);

static void read_character(fsk_receiver_t *r)
{
    float edge = r->edge, best = fitness(r, edge);
    for (float off = -search; off <= search; off += search_step) {
        float fits = fitness(r, r->edge + off);
        if (fits > best) {
            best = fits;
            edge = r->edge + off;
        }
    }
    float start = -decision(r, edge + 0.5f * bit);
    bool is_whole = decision(r, edge + 9.5f * bit) >= 0.0f, is_none = start < least_start * 0.1f * best || is_silent(r, edge);
    if (r->expected) {
        r->expected = false;
        if (is_none || !is_whole) return; /* then an edge is looked for */
    } else if (is_none) {
        r->scan++;
        return;
    }
    int32_t value = 0;
    for (int k = 0; k < 8; k++) value |= (decision(r, edge + ((float)k + 1.5f) * bit) >= 0.0f) << k;
    uint32_t at = r->scan + (uint32_t)(int32_t)edge;
    float mark_bits = (float)(int32_t)(at - r->idle_from) / bit;
    tell(r, (fsk_symbol_t){
        .kind = is_whole ? FSK_SYMBOL_CHARACTER : FSK_SYMBOL_BROKEN,
        .value = value,
        .at = at - 3, /* the correlators' delay */
        .mark_bits = mark_bits > 0.0f ? mark_bits : 0.0f,
        .level_dbm0 = level_dbm0(r),
    });
    if (is_whole) find_middle(r, edge);
    /* A broken one may have begun at a wrong edge: the next one within it may be the right one. */
    float on = is_whole ? 9.5f : 1.5f;
    r->idle_from = r->scan + (uint32_t)(int32_t)(edge + (is_whole ? 10.0f : 1.5f) * bit);
    int32_t step = (int32_t)(edge + on * bit);
    r->scan += (uint32_t)step;
    if (!is_whole) return;
    /* Characters mostly follow each other at once: noise in one edge must not cost the rest of the message. */
    r->framing = r->expected = true;
    r->edge = edge + 10.0f * bit - (float)step;
}

/*
 * Twist: the stronger tone leaks into the other correlator, so what is between mark and space is not zero. A character has at
 * least one of each.
 */
static void find_middle(fsk_receiver_t *r, float edge)
{
    float mark = 0.0f, space = 0.0f, marks = 0.0f, spaces = 0.0f;
    for (int k = 0; k < 10; k++) {
        float d = decision(r, edge + ((float)k + 0.5f) * bit);
        if (d >= 0.0f) {
            mark += d;
            marks += 1.0f;
        } else {
            space += d;
            spaces += 1.0f;
        }
    }
    if (marks < 1.0f || spaces < 1.0f) return;
    mark /= marks;
    space /= spaces;
    float most = most_offset * (mark - space), off = r->middle + 0.5f * (mark + space);
    off = off > most ? most : off < -most ? -most : off;
    r->middle += (off - r->middle) * middle_slide;
}
