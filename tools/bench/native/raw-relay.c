/*
 * The baseline of the relay bench: what a relay must do at the least. One thread, one epoll, a socket for each party; a packet
 * that comes to one of a pair leaves from the other, unchanged. No checks, no statistics, no RTCP.
 *
 *     raw-relay     stdin: one line "PORT_A PARTY_A PORT_B PARTY_B" a call, then its end; stdout: "ready"
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

enum { MOST_SOCKETS = 8192, BATCH = 256 };

struct side {
  int fd;
  struct sockaddr_in party;
};

static struct side sides[MOST_SOCKETS]; /* 2k and 2k + 1 belong together */

/* 127.9.9.9: on the loopback interface, but nobody else's ports. */
static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0x7f090909)};
  return address;
}

static void open_side(int poller, int index, int port, int party) {
  struct sockaddr_in local = loopback(port);
  sides[index].fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  sides[index].party = loopback(party);
  struct epoll_event event = {.events = EPOLLIN, .data.u32 = (uint32_t)index};
  if (sides[index].fd < 0 || bind(sides[index].fd, (struct sockaddr *)&local, sizeof local) < 0 || epoll_ctl(poller, EPOLL_CTL_ADD, sides[index].fd, &event) < 0) {
    perror("open");
    exit(1);
  }
}

int main(void) {
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
  int poller = epoll_create1(0), count = 0, a, party_a, b, party_b;
  while (count + 2 <= MOST_SOCKETS && scanf("%d %d %d %d", &a, &party_a, &b, &party_b) == 4) {
    open_side(poller, count++, a, party_a);
    open_side(poller, count++, b, party_b);
  }
  printf("ready\n");
  fflush(stdout);
  for (;;) {
    struct epoll_event ready[BATCH];
    int n = epoll_wait(poller, ready, BATCH, -1);
    for (int i = 0; i < n; i++) {
      uint8_t packet[2048];
      struct sockaddr_in source;
      socklen_t length = sizeof source;
      uint32_t index = ready[i].data.u32;
      ssize_t octets = recvfrom(sides[index].fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&source, &length);
      if (octets <= 0) continue;
      const struct side *other = &sides[index ^ 1];
      sendto(other->fd, packet, (size_t)octets, MSG_DONTWAIT, (const struct sockaddr *)&other->party, sizeof other->party);
    }
  }
}
