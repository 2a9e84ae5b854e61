#include "fsk_sender.h"

#include "dsp_math.h"

#define THIRDS 3
#define THIRDS_A_BIT 20 /* 8000 · 3 / 1200 */

static int clamp(int value, int most) { return value < 0 ? 0 : value > most ? most : value; }

uint32_t DSP_EXPORT(fsk_sender_size)(void) { return sizeof(fsk_sender_t); }

void DSP_EXPORT(fsk_sender_init)(fsk_sender_t *s) { memset(s, 0, sizeof *s); }

fsk_sending_t *DSP_EXPORT(fsk_sender_sending)(fsk_sender_t *s) { return &s->sending; }

static uint32_t step_of(double frequency_hz) { return (uint32_t)(frequency_hz / (THIRDS * DSP_SAMPLE_RATE_HZ) * 4294967296.0 + 0.5); }

void DSP_EXPORT(fsk_sender_start)(fsk_sender_t *s)
{
    fsk_sending_t *m = &s->sending;
    m->seizure_bits = clamp(m->seizure_bits, 2000);
    m->mark_bits = clamp(m->mark_bits, 2000);
    m->between_bits = clamp(m->between_bits, 100);
    m->trailing_bits = clamp(m->trailing_bits, 2000);
    m->length = clamp(m->length, FSK_SENDER_BYTES);
    double level = (double)m->level_dbm0;
    /* 3.14 dBm0 is the largest sine (ITU-T G.711). */
    if (!(level <= 3.14)) level = 3.14;
    if (level < -80.0) level = -80.0;
    s->amplitude = (float)((double)DSP_RMS_0_DBM0 * 1.41421356237309504880 * dsp_amplitude(level));
    s->mark_step = step_of(m->modem == FSK_V23 ? 1300.0 : 1200.0);
    s->space_step = step_of(m->modem == FSK_V23 ? 2100.0 : 2200.0);
    s->bits = m->seizure_bits + m->mark_bits + m->length * (10 + m->between_bits) + m->trailing_bits;
    s->bit = 0;
    s->bit_left = THIRDS_A_BIT;
    s->phase = 0;
}

static bool is_mark(const fsk_sender_t *s)
{
    const fsk_sending_t *m = &s->sending;
    int bit = s->bit;
    if (bit < m->seizure_bits) return bit & 1;
    bit -= m->seizure_bits + m->mark_bits;
    int each = 10 + m->between_bits;
    if (bit < 0 || bit >= m->length * each) return true;
    int within = bit % each;
    if (within == 0) return false;
    return within > 8 || (m->bytes[bit / each] >> (within - 1)) & 1;
}

int DSP_EXPORT(fsk_sender_take)(fsk_sender_t *s, int16_t *samples, int count)
{
    int sent = 0;
    for (int i = 0; i < count; i++) {
        if (s->bit >= s->bits) {
            samples[i] = 0;
            continue;
        }
        /* Few channels send at a time, and briefly: the exact sine is cheap enough. */
        double radians = (double)s->phase * (2.0 * DSP_PI / 4294967296.0);
        samples[i] = dsp_to_sample(s->amplitude * (float)dsp_sin(radians));
        sent = i + 1;
        for (int third = 0; third < THIRDS && s->bit < s->bits; third++) {
            s->phase += is_mark(s) ? s->mark_step : s->space_step;
            if (--s->bit_left > 0) continue;
            s->bit_left = THIRDS_A_BIT;
            s->bit++;
        }
    }
    return sent;
}
