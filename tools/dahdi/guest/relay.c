/* relay PORT PATH: every TCP connection to the port goes on to the UNIX socket. One process for each, ended with either side. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int pass(int from, int to) {
  static char octets[65536];
  const ssize_t got = read(from, octets, sizeof octets);
  if (got <= 0) return 0;
  for (ssize_t sent = 0; sent < got;) {
    const ssize_t more = write(to, octets + sent, (size_t)(got - sent));
    if (more <= 0) return 0;
    sent += more;
  }
  return 1;
}

static void serve(int near, const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  strncpy(address.sun_path, path, sizeof address.sun_path - 1);
  const int far = socket(AF_UNIX, SOCK_STREAM, 0), one = 1;
  setsockopt(near, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect(far, (struct sockaddr *)&address, sizeof address) != 0) return;
  struct pollfd both[2] = {{near, POLLIN, 0}, {far, POLLIN, 0}};
  for (;;) {
    if (poll(both, 2, -1) < 0) return;
    if (both[0].revents != 0 && !pass(near, far)) return;
    if (both[1].revents != 0 && !pass(far, near)) return;
  }
}

int main(int count, char **arguments) {
  if (count != 3) return 2;
  signal(SIGCHLD, SIG_IGN);
  signal(SIGPIPE, SIG_IGN);
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons((uint16_t)atoi(arguments[1]));
  const int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 8) != 0) return 1;
  for (;;) {
    const int near = accept(listener, NULL, NULL);
    if (near < 0) continue;
    if (fork() == 0) {
      close(listener);
      serve(near, arguments[2]);
      _exit(0);
    }
    close(near);
  }
}
