#include "dtmf_generator.h"

#include "dsp_math.h"
#include "dtmf_table.h"

static const int edges_per_second = 1000;

uint32_t DSP_EXPORT(dtmf_generator_size)(void) { return sizeof(dtmf_generator_t); }

void DSP_EXPORT(dtmf_generator_init)(dtmf_generator_t *generator, int rate_hz)
{
    memset(generator, 0, sizeof *generator);
    generator->rate_hz = rate_hz;
    generator->edge = rate_hz / edges_per_second;
}

static bool within(float value, float least, float most) { return value >= least && value <= most; }

bool DSP_EXPORT(dtmf_generator_push)(dtmf_generator_t *generator, uint32_t digit, float level_dbm0, float twist_db, float on_ms,
                                     float off_ms, uint32_t held)
{
    int place = 0;
    while (place < 16 && (uint32_t)dtmf_digits[place] != digit) place++;
    if ((place == 16 && digit != ',') || generator->count == DTMF_GENERATOR_DIGITS) return false;
    if (!within(level_dbm0, -60.0f, 0.0f) || !within(twist_db, -12.0f, 12.0f)) return false;
    if (!within(on_ms, 10.0f, 60000.0f) || !within(off_ms, 2.0f, 60000.0f)) return false;
    double ratio = dsp_amplitude((double)twist_db);
    /* Peak of the low tone: the powers of both add up to the level's. */
    double low = 1.41421356237309505 * (double)DSP_RMS_0_DBM0 * dsp_amplitude((double)level_dbm0 - dsp_decibels(1.0 + ratio * ratio) / 2.0);
    double per_ms = (double)generator->rate_hz / 1000.0;
    generator->queue[(generator->first + generator->count++) % DTMF_GENERATOR_DIGITS] = (dtmf_generator_digit_t){
        .amplitude = {(float)low, (float)(low * ratio)},
        .on = (uint32_t)((double)on_ms * per_ms + 0.5),
        .off = (uint32_t)((double)off_ms * per_ms + 0.5),
        .digit = (uint8_t)(place & 15),
        .silent = digit == ',',
        .held = held != 0 && digit != ',',
    };
    return true;
}

void DSP_EXPORT(dtmf_generator_release)(dtmf_generator_t *generator)
{
    for (uint32_t i = 0; i < generator->count; i++) generator->queue[(generator->first + i) % DTMF_GENERATOR_DIGITS].held = false;
}

void DSP_EXPORT(dtmf_generator_stop)(dtmf_generator_t *generator)
{
    generator->count = 0;
    generator->at = DTMF_GENERATOR_IDLE;
}

uint32_t DSP_EXPORT(dtmf_generator_pending)(const dtmf_generator_t *generator) { return generator->count; }

static void start(dtmf_generator_t *generator)
{
    const dtmf_generator_digit_t *digit = &generator->queue[generator->first];
    generator->at = digit->silent ? DTMF_GENERATOR_PAUSE : DTMF_GENERATOR_TONE;
    generator->left = digit->on;
    if (digit->silent) return;
    double hertz[2] = {dtmf_frequency[digit->digit >> 2], dtmf_frequency[4 + (digit->digit & 3)]};
    for (int t = 0; t < 2; t++) {
        double step = 2.0 * DSP_PI * hertz[t] / (double)generator->rate_hz;
        generator->cosine[t] = 1.0;
        generator->sine[t] = 0.0;
        generator->step_cosine[t] = dsp_cos(step);
        generator->step_sine[t] = dsp_sin(step);
        generator->amplitude[t] = digit->amplitude[t];
    }
}

/* Moves on by one sample: what is next in the queue, or the pause after a tone. */
static void advance(dtmf_generator_t *generator)
{
    /* What was stopped fades out before anything begins. */
    if (generator->at == DTMF_GENERATOR_IDLE && generator->count > 0 && generator->fade == 0) start(generator);
    if (generator->at == DTMF_GENERATOR_IDLE) return;
    if (generator->left > 0 && --generator->left > 0) return;
    const dtmf_generator_digit_t *digit = &generator->queue[generator->first];
    if (generator->at == DTMF_GENERATOR_TONE) {
        if (digit->held) return;
        generator->at = DTMF_GENERATOR_PAUSE;
        generator->left = digit->off;
        return;
    }
    generator->first = (generator->first + 1) % DTMF_GENERATOR_DIGITS;
    generator->count--;
    generator->at = DTMF_GENERATOR_IDLE;
}

static float next(dtmf_generator_t *generator)
{
    advance(generator);
    if (generator->at == DTMF_GENERATOR_TONE) {
        if (generator->fade < generator->edge) generator->fade++;
    } else if (generator->fade > 0) {
        generator->fade--;
    }
    if (generator->fade == 0) return 0.0f;
    float value = 0.0f;
    for (int t = 0; t < 2; t++) {
        double cosine = generator->cosine[t], sine = generator->sine[t];
        value += generator->amplitude[t] * (float)sine;
        generator->cosine[t] = cosine * generator->step_cosine[t] - sine * generator->step_sine[t];
        generator->sine[t] = sine * generator->step_cosine[t] + cosine * generator->step_sine[t];
    }
    return value * (float)generator->fade / (float)generator->edge;
}

void DSP_EXPORT(dtmf_generator_write)(dtmf_generator_t *generator, int16_t *samples, int count)
{
    for (int i = 0; i < count; i++) samples[i] = dsp_to_sample(next(generator));
}

void DSP_EXPORT(dtmf_generator_add)(dtmf_generator_t *generator, int16_t *samples, int count)
{
    for (int i = 0; i < count; i++) samples[i] = dsp_to_sample((float)samples[i] + next(generator));
}
