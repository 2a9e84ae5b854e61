/*
 * The codecs of libspandsp over raw 16-bit samples, as the peer of codecs.bench.ts.
 *
 *     spandsp-codecs SAMPLES-16K SAMPLES-8K FOLDER
 *
 * writes coded.g722 and decoded.g722.raw to FOLDER, and prints nanoseconds of CPU per sample: "name value" a line.
 */
#include <spandsp.h>

#include "peer.h"

static void write_all(const char *folder, const char *name, const void *data, size_t bytes)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(data, 1, bytes, file) != bytes) exit(1);
    fclose(file);
}

int main(int argc, char **argv)
{
    if (argc != 4) return 2;
    int wide, narrow;
    int16_t *samples = read_samples(argv[1], &wide), *narrow_samples = read_samples(argv[2], &narrow);
    uint8_t *coded = malloc((size_t)wide);
    int16_t *decoded = malloc((size_t)wide * 2 + 640);

    g722_encode_state_t *encoder = g722_encode_init(NULL, 64000, 0);
    g722_decode_state_t *decoder = g722_decode_init(NULL, 64000, 0);
    double began = cpu_ns();
    for (int at = 0; at + 320 <= wide; at += 320) g722_encode(encoder, coded + at / 2, samples + at, 320);
    double encoded = cpu_ns();
    for (int at = 0; at + 320 <= wide; at += 320) g722_decode(decoder, decoded + at, coded + at / 2, 160);
    double done = cpu_ns();
    printf("g722Encode %f\ng722Decode %f\n", (encoded - began) / wide, (done - encoded) / wide);
    write_all(argv[3], "coded.g722", coded, (size_t)(wide / 320 * 160));
    write_all(argv[3], "decoded.g722.raw", decoded, (size_t)(wide / 320 * 640));

    began = cpu_ns();
    for (int i = 0; i < narrow; i++) coded[i] = linear_to_alaw(narrow_samples[i]);
    encoded = cpu_ns();
    for (int i = 0; i < narrow; i++) decoded[i] = alaw_to_linear(coded[i]);
    done = cpu_ns();
    printf("alawEncode %f\nalawDecode %f\n", (encoded - began) / narrow, (done - encoded) / narrow);
    began = cpu_ns();
    for (int i = 0; i < narrow; i++) coded[i] = linear_to_ulaw(narrow_samples[i]);
    encoded = cpu_ns();
    for (int i = 0; i < narrow; i++) decoded[i] = ulaw_to_linear(coded[i]);
    done = cpu_ns();
    printf("mulawEncode %f\nmulawDecode %f\n", (encoded - began) / narrow, (done - encoded) / narrow);

    /* Every tenth packet of 20 ms is lost. */
    plc_state_t *plc = plc_init(NULL);
    began = cpu_ns();
    for (int at = 0; at + 160 <= narrow; at += 160) {
        if (at / 160 % 10 == 9) plc_fillin(plc, narrow_samples + at, 160);
        else plc_rx(plc, narrow_samples + at, 160);
    }
    printf("concealment %f\n", (cpu_ns() - began) / narrow);
    return 0;
}
