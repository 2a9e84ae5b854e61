/*
 * libspeexdsp's resampler and preprocessor over raw 16-bit samples of 8 kHz, as the peer of levels.bench.ts.
 *
 *     speexdsp-levels time SAMPLES       prints nanoseconds of CPU per sample of the lower rate: "name value" a line
 *     speexdsp-levels reduce SAMPLES     its noise suppressor alone, -12 dB; writes what is left to standard output
 */
#include <speex/speex_preprocess.h>
#include <speex/speex_resampler.h>
#include <string.h>

#include "peer.h"

#define BLOCK 160

/* Its quality 5 is the first with a stop band of 80 dB; 4, its usual one, has 65 dB like ours. */
static void time_resampler(const char *name, unsigned from, unsigned to, const int16_t *samples, int count)
{
    int error = 0, block = BLOCK * (int)from / 8000, slots = count / BLOCK;
    SpeexResamplerState *resampler = speex_resampler_init(1, from, to, 4, &error);
    int16_t *input = malloc((size_t)slots * (size_t)block * 2), out[2048];
    for (int i = 0; i < slots * block; i++) input[i] = samples[i % count];
    double began = cpu_ns();
    for (int i = 0; i < slots; i++) {
        spx_uint32_t in_count = (spx_uint32_t)block, out_count = 2048;
        speex_resampler_process_int(resampler, 0, input + i * block, &in_count, out, &out_count);
    }
    unsigned lower = from < to ? from : to;
    printf("%s %f\n", name, (cpu_ns() - began) / ((double)slots * BLOCK * lower / 8000));
    speex_resampler_destroy(resampler);
    free(input);
}

static void time_drift(const int16_t *samples, int count)
{
    int error = 0;
    SpeexResamplerState *resampler = speex_resampler_init_frac(1, 1000100, 1000000, 8000, 8000, 4, &error);
    int16_t out[2048];
    double began = cpu_ns();
    for (int at = 0; at < count; at += BLOCK) {
        spx_uint32_t in_count = BLOCK, out_count = 2048;
        speex_resampler_process_int(resampler, 0, samples + at, &in_count, out, &out_count);
    }
    printf("drift %f\n", (cpu_ns() - began) / count);
    speex_resampler_destroy(resampler);
}

static SpeexPreprocessState *preprocessor(int denoise, int agc)
{
    SpeexPreprocessState *state = speex_preprocess_state_init(BLOCK, 8000);
    spx_int32_t most = -12;
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_DENOISE, &denoise);
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_NOISE_SUPPRESS, &most);
    speex_preprocess_ctl(state, SPEEX_PREPROCESS_SET_AGC, &agc);
    return state;
}

static void time_preprocessor(const char *name, int denoise, int agc, const int16_t *samples, int count)
{
    SpeexPreprocessState *state = preprocessor(denoise, agc);
    int16_t block[BLOCK];
    double began = cpu_ns();
    for (int at = 0; at < count; at += BLOCK) {
        memcpy(block, samples + at, sizeof block);
        speex_preprocess_run(state, block);
    }
    printf("%s %f\n", name, (cpu_ns() - began) / count);
    speex_preprocess_state_destroy(state);
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    int count;
    int16_t *samples = read_samples(argv[2], &count);
    count -= count % BLOCK;
    if (strcmp(argv[1], "reduce") == 0) {
        SpeexPreprocessState *state = preprocessor(1, 0);
        for (int at = 0; at < count; at += BLOCK) speex_preprocess_run(state, samples + at);
        return fwrite(samples, 2, (size_t)count, stdout) == (size_t)count ? 0 : 1;
    }
    time_resampler("resample8to16", 8000, 16000, samples, count);
    time_resampler("resample16to8", 16000, 8000, samples, count);
    time_resampler("resample8to48", 8000, 48000, samples, count);
    time_resampler("resample48to8", 48000, 8000, samples, count);
    time_resampler("resample16to48", 16000, 48000, samples, count);
    time_resampler("resample48to16", 48000, 16000, samples, count);
    time_drift(samples, count);
    time_preprocessor("noiseReduction", 1, 0, samples, count);
    time_preprocessor("noiseReductionAndAgc", 1, 1, samples, count);
    return 0;
}
