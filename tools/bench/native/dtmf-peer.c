/*
 * The DTMF receiver of libspandsp over raw 16-bit samples at 8 kHz, as the peer of dtmf.bench.ts.
 *
 *     dtmf-peer SAMPLES PASSES
 *
 * prints nanoseconds of CPU per sample without and with its dial tone filter, and how many digits it heard: "name value" a line.
 */
#include <spandsp.h>

#include "peer.h"

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    FILE *file = fopen(argv[1], "rb");
    if (file == NULL) return 1;
    static int16_t samples[1 << 20];
    int count = (int)fread(samples, 2, sizeof samples / 2, file), passes = atoi(argv[2]);
    fclose(file);
    count -= count % 160;
    for (int filter = 0; filter < 2; filter++) {
        dtmf_rx_state_t *receiver = dtmf_rx_init(NULL, NULL, NULL);
        dtmf_rx_parms(receiver, filter, -1, -1, -99);
        char digits[129];
        long heard = 0;
        double began = cpu_ns();
        for (int pass = 0; pass < passes; pass++) {
            for (int at = 0; at < count; at += 160) {
                dtmf_rx(receiver, samples + at, 160);
                heard += (long)dtmf_rx_get(receiver, digits, 128);
            }
        }
        printf("%s %f\n", filter ? "filtered" : "plain", (cpu_ns() - began) / ((double)count * passes));
        printf("%s %ld\n", filter ? "heardFiltered" : "heardPlain", heard);
        dtmf_rx_free(receiver);
    }
    return 0;
}
