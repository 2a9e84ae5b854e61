/*
 * spans create: two local spans of 8 channels back to back, 1 to 8 FXO ports and 9 to 16 FXS ports, as `dahdi_cfg` would; A-law, and
 * mu-law the last of each.
 * spans configure N: the channels of one of the two, again (sysfs takes a span away from its device, and gives it back bare).
 * spans hook CHANNEL: what the kernel sees at a channel (rxhooksig).
 * spans hung-up CHANNEL: waits until it sees on hook there, ten seconds at most, and tells when (CLOCK_BOOTTIME, as /proc/uptime).
 * The agent does none of this; its list of ioctls has none of these but CHANCONFIG and STARTUP.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "dahdi-abi.h"

struct dynamic_span {
  char driver[20];
  char addr[40];
  int32_t numchans, timing, spanno;
};
#define DYNAMIC_CREATE DAHDI_EXCHANGES(80, struct dynamic_span)
_Static_assert(DYNAMIC_CREATE == 3225999952U, "dahdi-abi.json");

enum { CHANNELS = 8 };

static int control;

static int ask(const char *what, uint32_t request, void *data) {
  if (ioctl(control, (unsigned long)request, data) == 0) return 1;
  fprintf(stderr, "%s: %s\n", what, strerror(errno));
  return 0;
}

static int configure(int n) {
  for (int channel = 1 + (n - 1) * CHANNELS; channel <= n * CHANNELS; channel++) {
    struct dahdi_chanconfig config;
    memset(&config, 0, sizeof config);
    config.chan = config.master = channel;
    config.sigtype = n == 1 ? DAHDI_SIG_FXSKS : DAHDI_SIG_FXOKS;
    config.deflaw = channel % CHANNELS == 0 ? DAHDI_LAW_MULAW : DAHDI_LAW_ALAW;
    if (!ask("CHANCONFIG", DAHDI_CHANCONFIG, &config)) return 0;
  }
  int32_t span = n;
  return ask("STARTUP", DAHDI_STARTUP, &span);
}

static int add(int n) {
  struct dynamic_span span;
  memset(&span, 0, sizeof span);
  strcpy(span.driver, "loc");
  snprintf(span.addr, sizeof span.addr, "1:%d", n - 1);
  span.numchans = CHANNELS;
  return ask("DYNAMIC_CREATE", DYNAMIC_CREATE, &span);
}

static int create(void) {
  return add(1) && add(2) && configure(1) && configure(2);
}

static int seen(int channel) {
  struct dahdi_params params;
  memset(&params, 0, sizeof params);
  params.channo = channel;
  return ask("GET_PARAMS", DAHDI_GET_PARAMS, &params) ? params.rxhooksig : -1;
}

static int hook(int channel) {
  const int hook = seen(channel);
  if (hook >= 0) printf("channel %d rxhooksig %d\n", channel, hook);
  return hook >= 0;
}

enum { LOOK_US = 2000, LOOKS = 10 * 1000000 / LOOK_US };

static int hung_up(int channel) {
  for (int look = 0; look < LOOKS; look++) {
    const int hook = seen(channel);
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    if (hook == 0) printf("channel %d on hook at %lld.%03ld\n", channel, (long long)now.tv_sec, now.tv_nsec / 1000000);
    if (hook <= 0) return hook == 0;
    usleep(LOOK_US);
  }
  return 0;
}

int main(int count, char **arguments) {
  control = open("/dev/dahdi/ctl", O_RDWR);
  if (control < 0 || count < 2) return 1;
  const int n = count > 2 ? atoi(arguments[2]) : 0;
  if (strcmp(arguments[1], "create") == 0) return create() ? 0 : 1;
  if (strcmp(arguments[1], "configure") == 0) return configure(n) ? 0 : 1;
  if (strcmp(arguments[1], "hook") == 0) return hook(n) ? 0 : 1;
  if (strcmp(arguments[1], "hung-up") == 0) return hung_up(n) ? 0 : 1;
  return 2;
}
