/*
 * Caller ID and fax tones of libspandsp over raw 16-bit samples at 8 kHz, as the peer of caller-id.bench.ts.
 *
 *     spandsp-caller-id receive bell-202|v23 FILE SAMPLES    one message a line, hexadecimal, "-" for none: each SAMPLES samples of FILE
 *                                                            go to a receiver of their own
 *     spandsp-caller-id time bell-202|v23 FILE               nanoseconds of CPU per sample: "name value" a line
 */
#include <spandsp.h>
#include <string.h>

#include "peer.h"

static char heard[1024];

static void keep(void *user, const uint8_t *message, int length)
{
    (void)user;
    if (heard[0] != '\0' || length > 500) return;
    for (int i = 0; i < length; i++) sprintf(heard + 2 * i, "%02x", message[i]);
}

static void ignore_tone(void *user, int code, int level, int delay)
{
    (void)user;
    (void)code;
    (void)level;
    (void)delay;
}

int main(int argc, char **argv)
{
    if (argc < 4) return 2;
    int count, standard = strcmp(argv[2], "v23") == 0 ? ADSI_STANDARD_CLIP : ADSI_STANDARD_CLASS;
    int16_t *samples = read_samples(argv[3], &count);
    if (strcmp(argv[1], "receive") == 0 && argc == 5) {
        int each = atoi(argv[4]);
        for (int at = 0; at + each <= count; at += each) {
            heard[0] = '\0';
            adsi_rx_state_t *receiver = adsi_rx_init(NULL, standard, keep, NULL);
            for (int k = 0; k < each; k += 160) adsi_rx(receiver, samples + at + k, each - k < 160 ? each - k : 160);
            adsi_rx_free(receiver);
            puts(heard[0] == '\0' ? "-" : heard);
        }
        return 0;
    }
    adsi_rx_state_t *receiver = adsi_rx_init(NULL, standard, keep, NULL);
    double began = cpu_ns();
    for (int at = 0; at + 160 <= count; at += 160) adsi_rx(receiver, samples + at, 160);
    printf("fsk %f\n", (cpu_ns() - began) / count);
    /* What hears as much as ours: CNG, the answer tones with their reversals, and the preamble. */
    static const struct { const char *name; int type; } tones[] = {{"cng", MODEM_CONNECT_TONES_FAX_CNG}, {"answer", MODEM_CONNECT_TONES_ANSAM_PR}, {"preamble", MODEM_CONNECT_TONES_FAX_PREAMBLE}};
    for (unsigned k = 0; k < sizeof tones / sizeof *tones; k++) {
        modem_connect_tones_rx_state_t *tone = modem_connect_tones_rx_init(NULL, tones[k].type, ignore_tone, NULL);
        began = cpu_ns();
        for (int at = 0; at + 160 <= count; at += 160) modem_connect_tones_rx(tone, samples + at, 160);
        printf("%s %f\n", tones[k].name, (cpu_ns() - began) / count);
    }
    return 0;
}
