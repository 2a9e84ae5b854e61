/*
 * The baseline of the tones bench: libspandsp's super_tone_rx over a file of 16-bit samples, in blocks of 20 ms, watching for the
 * tones that it is given.
 *
 *     tones-peer AUDIO ROUNDS    stdin: a line a tone, "F1 F2 ON OFF [F1 F2 ON OFF …]" in Hz and ms, F2 0 for one frequency, ON 0
 *     for a continuous tone; stdout: nanoseconds of processor time a sample, of the best round
 */
#define _GNU_SOURCE
#include <spandsp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void heard(void *user, int code, int level, int delay)
{
    (void)code; (void)level; (void)delay;
    ++*(long *)user;
}

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) return 1;
    fseek(file, 0, SEEK_END);
    long samples = ftell(file) / 2;
    rewind(file);
    int16_t *audio = malloc((size_t)samples * 2);
    if (audio == NULL || fread(audio, 2, (size_t)samples, file) != (size_t)samples) return 1;

    super_tone_rx_descriptor_t *tones = super_tone_rx_make_descriptor(NULL);
    char line[1024];
    while (fgets(line, sizeof line, stdin) != NULL) {
        int tone = super_tone_rx_add_tone(tones);
        char *rest = NULL;
        for (char *word = strtok_r(line, " \n", &rest); word != NULL; word = strtok_r(NULL, " \n", &rest)) {
            int value[4] = {atoi(word), 0, 0, 0};
            for (int n = 1; n < 4 && (word = strtok_r(NULL, " \n", &rest)) != NULL; n++) value[n] = atoi(word);
            super_tone_rx_add_element(tones, tone, value[0], value[1], value[2] * 9 / 10, value[2] * 11 / 10);
            if (value[3] > 0) super_tone_rx_add_element(tones, tone, 0, 0, value[3] * 9 / 10, value[3] * 11 / 10);
        }
    }
    long count = 0;
    double best = 0;
    for (int round = 0; round < atoi(argv[2]); round++) {
        super_tone_rx_state_t *receiver = super_tone_rx_init(NULL, tones, heard, &count);
        double began = now_ns();
        for (long at = 0; at + 160 <= samples; at += 160) super_tone_rx(receiver, audio + at, 160);
        double took = (now_ns() - began) / (double)samples;
        if (round == 0 || took < best) best = took;
        super_tone_rx_free(receiver);
    }
    printf("%f %ld\n", best, count);
    return 0;
}
