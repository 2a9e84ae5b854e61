/*
 * tdm400p SOCKET: a simulated card with two FXS and two FXO modules, wired in pairs, for an emulator that connects to the socket. Lines on
 * stdin cut a pair and mend it: `cut 1`, `mend 1`.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/un.h>
#include <unistd.h>

#include "bridge.h"
#include "modules.h"
#include "vfio-user.h"

static int listener(const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  unlink(path);
  return bind(made, (struct sockaddr *)&address, sizeof address) == 0 && listen(made, 1) == 0 ? made : -1;
}

/* What a driver knows such a card by. */
static void identify(void) {
  static const uint8_t identity[] = {0x59, 0xE1, 0x01, 0x00};
  memcpy(vfio_config, identity, sizeof identity);
  vfio_config[0x0A] = 0x80; /* other communication device */
  vfio_config[0x0B] = 0x07;
  vfio_config[0x10] = 0x01; /* ports, not memory */
  vfio_config[0x2C] = 0x19;
  vfio_config[0x2D] = 0xB1;
  vfio_config[0x2E] = 0x01;
  vfio_config[0x3D] = 0x01; /* INTA */
}

static int every_millisecond(void) {
  const struct itimerspec period = {{0, 1000000}, {0, 1000000}};
  const int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
  timerfd_settime(timer, 0, &period, NULL);
  return timer;
}

static bool obey_hand(void) {
  char line[64];
  int pair;
  const ssize_t got = read(STDIN_FILENO, line, sizeof line - 1);
  if (got <= 0) return false;
  line[got] = '\0';
  if (sscanf(line, "cut %d", &pair) == 1 && pair >= 1 && pair <= PAIRS) pair_cut(pair - 1, true);
  if (sscanf(line, "mend %d", &pair) == 1 && pair >= 1 && pair <= PAIRS) pair_cut(pair - 1, false);
  return true;
}

int main(int count, char **arguments) {
  if (count != 2) return 2;
  modules_reset();
  identify();
  const int waiting = listener(arguments[1]);
  if (waiting < 0) {
    fprintf(stderr, "%s: %s\n", arguments[1], strerror(errno));
    return 1;
  }
  const int emulator = accept4(waiting, NULL, NULL, SOCK_CLOEXEC);
  struct pollfd polled[] = {{emulator, POLLIN, 0}, {every_millisecond(), POLLIN, 0}, {STDIN_FILENO, POLLIN, 0}};
  for (;;) {
    if (poll(polled, 3, -1) < 0) return 1;
    if (polled[0].revents != 0 && !vfio_serve(emulator)) return 0;
    uint64_t expired;
    if (polled[1].revents != 0 && read(polled[1].fd, &expired, sizeof expired) == sizeof expired) {
      bridge_tick(vfio_memory);
      vfio_interrupt();
    }
    if (polled[2].revents != 0 && !obey_hand()) polled[2].fd = -1;
  }
}
