#include "fax_tones.h"

#define BLOCK QUADRATURE_BLOCK
#define BLOCK_MS 5

/* A tone of power 1 (mean square) gives 800 in a block; over 24 samples, three parts, 288. */
static const float block_gain = 800.0f;
static const float parts_gain = 288.0f;

/* -45 dBm0 as mean square: 16141² · 10^-4.5. V.25 and T.30 receivers work down to -43 dBm. */
static const float least_power = 8238.8f;
/* Of the energy of a block that must lie at the tone: a tone 38 Hz off has 0.89, at a signal-to-noise ratio of 6 dB 0.7. */
static const float least_share = 0.65f;
/* Blocks a tone may be missing: a lost packet of 20 ms touches five. */
static const int bridged = 5;

/* T.30: on for 0.5 s ± 15 %, and a block of uncertainty on each side. 1100 Hz ± 38 Hz. */
static const int cng_least = 415 / BLOCK_MS;
static const int cng_most = 585 / BLOCK_MS;
static const float cng_tangent = 6.3138f; /* tan(2π · 45 Hz · 5 ms) */
/* V.25: 2100 Hz ± 15 Hz. */
static const float ced_tangent = 1.0f;    /* 25 Hz */
static const float least_coherence = 0.9f;

/* V.8: 15 Hz, 20 % of the amplitude. Three of its periods are 40 blocks, looked at after 100 ms and before the first reversal. */
static const int answer_from = 20, answer_told = 60;
static const float least_modulation = 0.1f;
/* V.8, V.25: every 450 ms ± 25 ms; located to a block. */
static const uint32_t reversal_least = 420 * 8, reversal_most = 480 * 8, reversal_bounce = 100 * 8;

/* A bit of V.21 (300 bit/s) has 26.67 samples. A flag is six of mark, then two of space, or one that is shared by two flags. */
static const float bit = 26.6667f;
static const int flags_told = 6;
/* The two tones lie 100 Hz off the middle: sinc²(100 Hz · 3 ms). */
static const float v21_gain = 0.737f;
static const float least_v21_share = 0.4f;

static void tell(fax_tones_t *t, int lane, fax_tone_kind_t kind, uint32_t at, float power);
static void follow_cng(fax_tones_t *t, int lane, phasor_t z, bool heard, float power);
static void follow_ced(fax_tones_t *t, int lane, phasor_t z, bool heard, float power);
static void read_v21(fax_tones_t *t, const quadrature_part_t *part, lanes_t energy, lanes_t sum);

uint32_t DSP_EXPORT(fax_tones_size)(void) { return sizeof(fax_tones_t); }

void DSP_EXPORT(fax_tones_init)(fax_tones_t *t)
{
    memset(t, 0, sizeof *t);
    quadrature_tone(&t->cng, 1100.0);
    quadrature_tone(&t->ced, 2100.0);
    quadrature_tone(&t->v21, 1750.0);
}

void DSP_EXPORT(fax_tones_reset)(fax_tones_t *t, int lane)
{
    t->cng_track[lane] = t->ced_track[lane] = (fax_tone_track_t){0};
    t->answer[lane] = (fax_tone_answer_t){0};
    t->flags[lane] = (fax_tone_flags_t){.edge = t->now};
    t->reset_at[lane] = t->now;
    t->taken[lane] = t->told[lane];
    for (int i = 0; i < 2; i++) {
        t->v21_parts[i].real[lane] = t->v21_parts[i].imaginary[lane] = 0.0f;
        t->energies[i][lane] = t->sums[i][lane] = 0.0f;
    }
    t->v21_last.real[lane] = t->v21_last.imaginary[lane] = 0.0f;
    t->discriminator[lane] = t->v21_share[lane] = t->v21_level[lane] = 0.0f;
}

uint32_t DSP_EXPORT(fax_tones_push)(fax_tones_t *t, const int16_t *samples, int stride, int count)
{
    for (int from = 0; from + BLOCK <= count; from += BLOCK) {
        quadrature_t cng = {0}, ced = {0};
        lanes_t energy = {0}, sum = {0};
        for (int k = 0; k < QUADRATURE_PARTS; k++) {
            lanes_t x[QUADRATURE_PART], part_energy = {0}, part_sum = {0};
            for (int i = 0; i < QUADRATURE_PART; i++) {
                x[i] = lanes_load(samples, stride, from + k * QUADRATURE_PART + i);
                part_energy += x[i] * x[i];
            }
            quadrature_part_t part = quadrature_part(x);
            for (int i = 0; i < QUADRATURE_PART / 2; i++) part_sum += part.sum[i];
            quadrature_add(&cng, &t->cng, quadrature_of_part(&t->cng, &part), k);
            quadrature_add(&ced, &t->ced, quadrature_of_part(&t->ced, &part), k);
            t->now += QUADRATURE_PART;
            read_v21(t, &part, part_energy, part_sum);
            energy += part_energy;
            sum += part_sum;
        }
        /* Without the mean: a card's offset is no part of what is heard. */
        lanes_t power = (energy - sum * sum / lanes_splat((float)BLOCK)) / lanes_splat((float)BLOCK);
        lanes_t cng_power = quadrature_power(cng) / lanes_splat(block_gain), ced_power = quadrature_power(ced) / lanes_splat(block_gain);
        lanes_t needed = lanes_max(power * lanes_splat(least_share), lanes_splat(least_power));
        lane_mask_t cng_heard = cng_power > needed, ced_heard = ced_power > needed;
        for (int lane = 0; lane < LANES; lane++) {
            if (cng_heard[lane] || t->cng_track[lane].blocks > 0) follow_cng(t, lane, quadrature_lane(&cng, lane), cng_heard[lane], cng_power[lane]);
            if (ced_heard[lane] || t->ced_track[lane].blocks > 0) follow_ced(t, lane, quadrature_lane(&ced, lane), ced_heard[lane], ced_power[lane]);
        }
    }
    uint32_t waiting = 0;
    for (int lane = 0; lane < LANES; lane++) waiting |= (uint32_t)(t->told[lane] != t->taken[lane]) << lane;
    return waiting;
}

bool DSP_EXPORT(fax_tones_take)(fax_tones_t *t, int lane, fax_tone_event_t *event)
{
    if (t->told[lane] == t->taken[lane]) return false;
    *event = t->events[lane][t->taken[lane]++ % FAX_TONE_EVENTS];
    return true;
}

static void tell(fax_tones_t *t, int lane, fax_tone_kind_t kind, uint32_t at, float power)
{
    double ratio = (double)power / ((double)DSP_RMS_0_DBM0 * (double)DSP_RMS_0_DBM0);
    t->events[lane][t->told[lane]++ % FAX_TONE_EVENTS] = (fax_tone_event_t){
        .kind = (int32_t)kind,
        .at = at - t->reset_at[lane],
        .level_dbm0 = (float)(0.5 * dsp_decibels(ratio)),
    };
    if (t->told[lane] - t->taken[lane] > FAX_TONE_EVENTS) t->taken[lane] = t->told[lane] - FAX_TONE_EVENTS;
}

/* Adds a block to the track; false when the tone has ended, which is then `blocks` - `missed` long. */
static bool follow(fax_tone_track_t *track, const quadrature_tone_t *tone, uint32_t block_began, phasor_t z, bool heard, float power)
{
    if (track->blocks == 0) *track = (fax_tone_track_t){.began = block_began};
    track->blocks++;
    if (!heard) {
        track->missed++;
        return track->missed <= bridged;
    }
    if (track->missed == 0 && track->blocks > 1) {
        phasor_t step = quadrature_advance(tone, z, track->last);
        /* A phase reversal between two blocks says nothing about the frequency. */
        if (step.real * track->advance.real + step.imaginary * track->advance.imaginary >= 0.0f) {
            track->advance.real += step.real;
            track->advance.imaginary += step.imaginary;
        }
        track->advance_length += __builtin_sqrtf(phasor_power(step));
    }
    track->missed = 0;
    track->heard++;
    track->power += power;
    return true;
}

static void remember(fax_tone_track_t *track, phasor_t z)
{
    track->before = track->last;
    track->last = z;
}

/* Within the angle whose tangent is given, and steady: speech wanders. */
static bool is_steady(const fax_tone_track_t *track, float tangent)
{
    float length = __builtin_sqrtf(phasor_power(track->advance));
    float off = track->advance.imaginary < 0.0f ? -track->advance.imaginary : track->advance.imaginary;
    return length >= least_coherence * track->advance_length && off <= tangent * track->advance.real;
}

static void follow_cng(fax_tones_t *t, int lane, phasor_t z, bool heard, float power)
{
    fax_tone_track_t *track = &t->cng_track[lane];
    bool lasts = follow(track, &t->cng, t->now - BLOCK, z, heard, power);
    remember(track, z);
    if (lasts) return;
    int length = track->blocks - track->missed;
    if (length >= cng_least && length <= cng_most && is_steady(track, cng_tangent)) tell(t, lane, FAX_TONE_CNG, track->began, track->power / (float)track->heard);
    track->blocks = 0;
}

static bool reverses(const fax_tone_track_t *track, const quadrature_tone_t *tone, phasor_t z);

static void follow_ced(fax_tones_t *t, int lane, phasor_t z, bool heard, float power)
{
    fax_tone_track_t *track = &t->ced_track[lane];
    fax_tone_answer_t *answer = &t->answer[lane];
    if (track->blocks == 0) *answer = (fax_tone_answer_t){0};
    bool reversed = heard && track->heard > 2 && reverses(track, &t->ced, z);
    bool lasts = follow(track, &t->ced, t->now - BLOCK, z, heard, power);
    remember(track, z);
    if (!lasts) {
        track->blocks = 0;
        return;
    }
    float mean = track->power / (float)track->heard;
    if (track->blocks > answer_from && track->blocks <= answer_told) {
        /* What is missing must not look like modulation. */
        float envelope = __builtin_sqrtf(heard ? power : mean);
        double turn = 2.0 * DSP_PI * 15.0 * BLOCK_MS / 1000.0 * (double)track->blocks;
        answer->wave.real += envelope * (float)dsp_cos(turn);
        answer->wave.imaginary += envelope * (float)dsp_sin(turn);
        answer->mean += envelope;
    }
    if (heard && track->blocks >= answer_told && answer->answer == 0 && is_steady(track, ced_tangent)) {
        bool modulated = 2.0f * __builtin_sqrtf(phasor_power(answer->wave)) > least_modulation * answer->mean;
        answer->answer = modulated ? FAX_TONE_ANSAM : FAX_TONE_CED;
        tell(t, lane, modulated ? FAX_TONE_ANSAM : FAX_TONE_CED, track->began, mean);
    }
    uint32_t since = t->now - answer->reversed;
    if (!reversed || (answer->reversals > 0 && since < reversal_bounce)) return;
    bool regular = answer->reversals > 0 && since >= reversal_least && since <= reversal_most;
    if (regular && (answer->answer == FAX_TONE_CED || answer->answer == FAX_TONE_ANSAM)) {
        answer->answer++; /* the same with reversals */
        tell(t, lane, (fax_tone_kind_t)answer->answer, track->began, mean);
    }
    answer->reversals++;
    answer->reversed = t->now;
}

/* Against the block before the last one: the last may hold the reversal itself. */
static bool reverses(const fax_tone_track_t *track, const quadrature_tone_t *tone, phasor_t z)
{
    phasor_t two_steps = quadrature_advance(tone, quadrature_advance(tone, z, track->before), (phasor_t){1.0f, 0.0f});
    phasor_t deviation = phasor_against(track->advance, (phasor_t){track->advance.real, -track->advance.imaginary}); /* advance² */
    phasor_t change = phasor_against(two_steps, deviation);
    float length = __builtin_sqrtf(phasor_power(two_steps)) * phasor_power(track->advance);
    return length > 0.0f && change.real < -0.7f * length;
}

static void read_edge(fax_tones_t *t, int lane, bool to_mark, float fraction);

/* Follows the frequency about 1750 Hz from part to part, over three parts (24 samples, nearly a bit). */
static void read_v21(fax_tones_t *t, const quadrature_part_t *part, lanes_t energy, lanes_t sum)
{
    quadrature_t y = quadrature_of_part(&t->v21, part);
    /* Eight samples of 1750 Hz are 1¾ turns: the part before is turned by -90°, the one before that by 180°. */
    quadrature_t z = {
        y.real + t->v21_parts[0].imaginary - t->v21_parts[1].real,
        y.imaginary - t->v21_parts[0].real - t->v21_parts[1].imaginary,
    };
    quadrature_t last = {t->v21_last.imaginary, -t->v21_last.real};
    /* Positive above 1750 Hz: space, binary 0, is 1850 Hz; mark is 1650 Hz. */
    lanes_t discriminator = z.imaginary * last.real - z.real * last.imaginary;
    lanes_t all_sums = sum + t->sums[0] + t->sums[1];
    lanes_t power = (energy + t->energies[0] + t->energies[1] - all_sums * all_sums / lanes_splat(24.0f)) / lanes_splat(24.0f);
    lanes_t v21_power = quadrature_power(z) / lanes_splat(parts_gain);
    lane_mask_t strong = (v21_power > power * lanes_splat(least_v21_share)) & (v21_power > lanes_splat(least_power));
    t->v21_share += (lanes_select(strong, lanes_splat(1.0f), lanes_splat(0.0f)) - t->v21_share) * lanes_splat(0.05f);
    lane_mask_t edge = (discriminator > lanes_splat(0.0f)) ^ (t->discriminator > lanes_splat(0.0f));
    lane_mask_t likely = t->v21_share > lanes_splat(0.5f);
    if (lanes_any(edge & likely)) {
        for (int lane = 0; lane < LANES; lane++) {
            if (!(edge[lane] & likely[lane])) continue;
            float before = t->discriminator[lane], now = discriminator[lane];
            read_edge(t, lane, now <= 0.0f, now / (now - before));
        }
    }
    t->v21_level += (v21_power - t->v21_level) * lanes_splat(0.03f);
    t->v21_parts[1] = t->v21_parts[0];
    t->v21_parts[0] = y;
    t->v21_last = z;
    t->energies[1] = t->energies[0];
    t->energies[0] = energy;
    t->sums[1] = t->sums[0];
    t->sums[0] = sum;
    t->discriminator = discriminator;
}

static bool about(float length, float bits, float off) { return length > bits * bit - off && length < bits * bit + off; }

/* An edge `fraction` of a part before now ended a run of mark or space. */
static void read_edge(fax_tones_t *t, int lane, bool to_mark, float fraction)
{
    fax_tone_flags_t *f = &t->flags[lane];
    uint32_t since = t->now - f->edge;
    float length = (since < 4096 ? (float)since : 4096.0f) - fraction * QUADRATURE_PART - f->edge_fraction;
    f->edge = t->now;
    f->edge_fraction = -fraction * QUADRATURE_PART;
    if (to_mark) {
        f->space_fits = about(length, 2.0f, 11.0f) || about(length, 1.0f, 10.0f);
        return;
    }
    if (!about(length, 6.0f, 13.0f) || (f->flags > 0 && !f->space_fits)) {
        f->flags = 0;
        return;
    }
    if (f->flags == 0) f->began = t->now - since;
    f->flags++;
    if (f->flags == flags_told) tell(t, lane, FAX_TONE_V21_PREAMBLE, f->began, t->v21_level[lane] / v21_gain);
}
