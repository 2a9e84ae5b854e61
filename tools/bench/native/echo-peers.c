/*
 * The peers of the echo bench: spandsp's and speexdsp's echo cancellers as Debian has them, run over the bench's own signals.
 * Compiled once for each, with -DSPANDSP or -DSPEEXDSP.
 *
 *   residual TAPS              far and near as 16-bit pairs on standard input; what is left of near on standard output
 *   time TAPS CONVERGING       as before; prints {"converging": …, "settled": …}, nanoseconds a sample: of the first CONVERGING
 *                              samples and of those after them
 */
#define _POSIX_C_SOURCE 199309L
#undef _FORTIFY_SOURCE
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef SPANDSP
#include <spandsp.h>
/* Sample by sample is its only way. */
#define FRAME 1
/* Debian's build prints what it thinks at every sample: that is not its cost. This takes the place of libc's for the library. */
int __printf_chk(int flag, const char *format, ...)
{
    (void)flag;
    (void)format;
    return 0;
}
typedef echo_can_state_t canceller_t;
/* As its manual wants it: both ways through its high-pass, without which the offset of A-law throws it out. */
static canceller_t *make(int taps)
{
    return echo_can_init(taps, ECHO_CAN_USE_ADAPTION | ECHO_CAN_USE_TX_HPF | ECHO_CAN_USE_RX_HPF);
}
static void cancel(canceller_t *canceller, const int16_t *far, const int16_t *near, int16_t *out)
{
    *out = echo_can_update(canceller, echo_can_hpf_tx(canceller, *far), *near);
}
#else
#include <speex/speex_echo.h>
/* Half a tick: its manual recommends 10 to 20 ms. */
#define FRAME 80
typedef SpeexEchoState canceller_t;
static canceller_t *make(int taps)
{
    canceller_t *canceller = speex_echo_state_init(FRAME, taps);
    spx_int32_t rate = 8000;
    speex_echo_ctl(canceller, SPEEX_ECHO_SET_SAMPLING_RATE, &rate);
    return canceller;
}
static void cancel(canceller_t *canceller, const int16_t *far, const int16_t *near, int16_t *out)
{
    speex_echo_cancellation(canceller, near, far, out);
}
#endif

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int main(int count, char **arguments)
{
    if (count < 3) return 2;
    size_t room = 1 << 20, length = 0, got;
    int16_t *pairs = malloc(room * 4);
    while ((got = fread(pairs + 2 * length, 4, room - length, stdin)) > 0) {
        length += got;
        if (length == room) pairs = realloc(pairs, (room *= 2) * 4);
    }
    length -= length % FRAME;
    int16_t *far = malloc(length * 2), *near = malloc(length * 2), *out = malloc(length * 2);
    for (size_t n = 0; n < length; n++) {
        far[n] = pairs[2 * n];
        near[n] = pairs[2 * n + 1];
    }
    size_t converging = count > 3 ? strtoul(arguments[3], NULL, 10) : 0;
    canceller_t *canceller = make(atoi(arguments[2]));
    int64_t began = now_ns(), converged = began;
    for (size_t n = 0; n < length; n += FRAME) {
        if (n == converging) converged = now_ns();
        cancel(canceller, far + n, near + n, out + n);
    }
    int64_t ended = now_ns();
    if (strcmp(arguments[1], "residual") == 0) return fwrite(out, 2, length, stdout) != length;
    printf("{\"converging\": %.2f, \"settled\": %.2f}\n", (double)(converged - began) / (double)converging, (double)(ended - converged) / (double)(length - converging));
    return 0;
}
