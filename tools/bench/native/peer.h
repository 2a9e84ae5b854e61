/* What the peers of the benches share. */
#ifndef TIPRING_PEER_H
#define TIPRING_PEER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline double cpu_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Raw 16-bit samples, all of a file; ends the program where there is none. */
static inline int16_t *read_samples(const char *path, int *count)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) exit(1);
    fseek(file, 0, SEEK_END);
    long bytes = ftell(file);
    rewind(file);
    int16_t *samples = malloc((size_t)bytes + 2);
    *count = (int)fread(samples, 2, (size_t)bytes / 2, file);
    fclose(file);
    return samples;
}

#endif
