/*
 * Many RTP parties in one thread, for benches that must know what every one of them hears while things are killed around it.
 *
 * Each party sends PCMU (RFC 3551), 50 packets a second, from a port of its own to a given one, and listens on that port.
 * Whose packet it is stands in the payload, which a relay passes on untouched: SSRC and sequence number may be rewritten on
 * the way.
 *
 *     payload   0 'TPRT'   4 id of the sender   8 its packet number   12 microseconds of CLOCK_REALTIME at sending   20 0xff …
 *
 * Commands on stdin, one a line; each is answered by one line of JSON on stdout, in order:
 *     add ID LOCAL_PORT REMOTE_PORT    {"ok":true}       begins to send and to listen on 127.0.0.1
 *     remote ID REMOTE_PORT            {"ok":true}       sends there from now on
 *     remove ID                        {"ok":true}
 *     reset                            {"ok":true}       counters and gaps begin anew, for all
 *     report                           {"sinceMs":…,"longestSendGapMs":…,"streams":[[id,sent,received,lost,longestGapMs,silentMs,hears,foreign,longestDelayMs],…]}
 * What fails is answered {"ok":false,"error":"…"}. The end of stdin ends the program.
 *
 * longestGapMs    between two arrivals since the reset, by the kernel's own time stamps; the present silence counts too
 * silentMs        since the last arrival
 * hears           id of the party heard last since the reset, 0 for none; foreign: packets of any other party than the first heard
 * lost            numbers missing between the first and the last packet heard since the reset
 * longestSendGapMs  how late the sending itself was at most, on top of 20 ms: what of a gap is our own fault
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PARTIES = 4096, PACKET = 172, HEADER = 12, TICKS = 20 };

static const int64_t TICK_NS = 1000000;

struct party {
  int id, fd; /* fd 0: the place is free */
  struct sockaddr_in remote;
  uint32_t number; /* of the next packet */
  uint32_t sent, received, lost, foreign;
  uint32_t hears, first_heard, last_number;
  int64_t heard_ns; /* last arrival, or the reset before any */
  int64_t longest_gap_ns, longest_delay_ns;
};

static struct party parties[MOST_PARTIES];
static int used; /* places below this have been used */
static int64_t reset_ns, longest_late_ns;
static int poller;

static int64_t clock_ns(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static int64_t now_ns(void) { return clock_ns(CLOCK_REALTIME); }

static void put32(uint8_t *at, uint32_t value) {
  value = htonl(value);
  memcpy(at, &value, 4);
}

static uint32_t get32(const uint8_t *at) {
  uint32_t value;
  memcpy(&value, at, 4);
  return ntohl(value);
}

static struct party *find(int id) {
  for (int at = 0; at < used; at++)
    if (parties[at].fd != 0 && parties[at].id == id) return &parties[at];
  return NULL;
}

static void send_packet(struct party *party) {
  uint8_t packet[PACKET];
  memset(packet, 0xff, sizeof packet);
  packet[0] = 0x80;
  packet[1] = party->number == 0 ? 0x80 : 0x00; /* PCMU, the marker on the first (RFC 3551 4.1) */
  uint16_t sequence = htons((uint16_t)party->number);
  memcpy(packet + 2, &sequence, 2);
  put32(packet + 4, party->number * 160);
  put32(packet + 8, 0x54500000u + (uint32_t)party->id);
  memcpy(packet + HEADER, "TPRT", 4);
  put32(packet + HEADER + 4, (uint32_t)party->id);
  put32(packet + HEADER + 8, party->number);
  uint64_t sent_us = (uint64_t)now_ns() / 1000;
  put32(packet + HEADER + 12, (uint32_t)(sent_us >> 32));
  put32(packet + HEADER + 16, (uint32_t)sent_us);
  party->number++;
  /* An error is the far port being closed for a while, which is what is being measured. */
  if (sendto(party->fd, packet, sizeof packet, MSG_DONTWAIT, (struct sockaddr *)&party->remote, sizeof party->remote) == PACKET) party->sent++;
}

static void hear(struct party *party, const uint8_t *payload, int64_t at_ns) {
  uint32_t from = get32(payload + 4), number = get32(payload + 8);
  int64_t sent_ns = (int64_t)(((uint64_t)get32(payload + 12) << 32) | get32(payload + 16)) * 1000;
  if (at_ns - party->heard_ns > party->longest_gap_ns) party->longest_gap_ns = at_ns - party->heard_ns;
  if (at_ns - sent_ns > party->longest_delay_ns) party->longest_delay_ns = at_ns - sent_ns;
  party->heard_ns = at_ns;
  party->received++;
  party->hears = from;
  if (party->first_heard == 0) {
    party->first_heard = from;
    party->last_number = number;
  } else if (from != party->first_heard) {
    party->foreign++;
  } else if ((int32_t)(number - party->last_number) > 0) {
    party->lost += number - party->last_number - 1;
    party->last_number = number;
  } else if (party->lost > 0) {
    party->lost--; /* overtaken, not lost */
  }
}

static void receive(struct party *party) {
  for (;;) {
    uint8_t packet[2048];
    uint8_t control[128];
    struct iovec buffer = {packet, sizeof packet};
    struct msghdr message = {.msg_iov = &buffer, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t size = recvmsg(party->fd, &message, MSG_DONTWAIT);
    if (size < 0 && (errno == EINTR || errno == ECONNREFUSED)) continue;
    if (size < 0) return;
    if (size < HEADER + 20 || (packet[0] >> 6) != 2 || memcmp(packet + HEADER, "TPRT", 4) != 0) continue;
    int64_t at_ns = 0;
    for (struct cmsghdr *part = CMSG_FIRSTHDR(&message); part != NULL; part = CMSG_NXTHDR(&message, part)) {
      if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
      struct timespec t;
      memcpy(&t, CMSG_DATA(part), sizeof t);
      at_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
    }
    hear(party, packet + HEADER, at_ns != 0 ? at_ns : now_ns());
  }
}

static const char *add(int id, int local_port, int remote_port) {
  if (id <= 0 || find(id) != NULL) return "the id is taken, or not positive";
  struct party *party = parties;
  while (party < parties + MOST_PARTIES && party->fd != 0) party++;
  if (party == parties + MOST_PARTIES) return "too many parties";
  int fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
  if (fd < 0) return strerror(errno);
  int on = 1;
  setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  struct sockaddr_in local = {.sin_family = AF_INET, .sin_port = htons((uint16_t)local_port), .sin_addr = {htonl(INADDR_LOOPBACK)}};
  if (bind(fd, (struct sockaddr *)&local, sizeof local) != 0) {
    close(fd);
    return strerror(errno);
  }
  *party = (struct party){.id = id, .fd = fd, .remote = local, .heard_ns = now_ns()};
  party->remote.sin_port = htons((uint16_t)remote_port);
  if (party - parties >= used) used = (int)(party - parties) + 1;
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = party}};
  epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event);
  return NULL;
}

static void reset(void) {
  reset_ns = now_ns();
  longest_late_ns = 0;
  for (int at = 0; at < used; at++) {
    struct party *party = &parties[at];
    party->sent = party->received = party->lost = party->foreign = party->hears = party->first_heard = 0;
    party->longest_gap_ns = party->longest_delay_ns = 0;
    if (party->heard_ns == 0) party->heard_ns = reset_ns;
  }
}

static void report(void) {
  int64_t now = now_ns();
  printf("{\"sinceMs\":%.1f,\"longestSendGapMs\":%.2f,\"streams\":[", (double)(now - reset_ns) / 1e6, (double)longest_late_ns / 1e6);
  const char *comma = "";
  for (int at = 0; at < used; at++) {
    struct party *party = &parties[at];
    if (party->fd == 0) continue;
    int64_t silent = now - party->heard_ns;
    int64_t gap = silent > party->longest_gap_ns ? silent : party->longest_gap_ns;
    printf("%s[%d,%u,%u,%u,%.2f,%.2f,%u,%u,%.2f]", comma, party->id, party->sent, party->received, party->lost, (double)gap / 1e6, (double)silent / 1e6,
           party->hears, party->foreign, (double)party->longest_delay_ns / 1e6);
    comma = ",";
  }
  printf("]}\n");
}

static void answer(const char *error) {
  if (error == NULL) printf("{\"ok\":true}\n");
  else printf("{\"ok\":false,\"error\":\"%s\"}\n", error);
}

static void obey(const char *line) {
  int id = 0, local = 0, remote = 0;
  if (sscanf(line, "add %d %d %d", &id, &local, &remote) == 3) {
    answer(add(id, local, remote));
  } else if (sscanf(line, "remote %d %d", &id, &remote) == 2) {
    struct party *party = find(id);
    if (party != NULL) party->remote.sin_port = htons((uint16_t)remote);
    answer(party == NULL ? "no such party" : NULL);
  } else if (sscanf(line, "remove %d", &id) == 1) {
    struct party *party = find(id);
    if (party != NULL) {
      close(party->fd);
      party->fd = 0;
    }
    answer(party == NULL ? "no such party" : NULL);
  } else if (strcmp(line, "reset") == 0) {
    reset();
    answer(NULL);
  } else if (strcmp(line, "report") == 0) {
    report();
  } else {
    answer("not a command");
  }
}

/* Whole lines of what has come; 0 at the end of the input. */
static int read_commands(void) {
  static char text[65536];
  static size_t held;
  ssize_t size = read(STDIN_FILENO, text + held, sizeof text - 1 - held);
  if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) return 0;
  if (size > 0) held += (size_t)size;
  text[held] = '\0';
  char *begin = text;
  for (char *end = strchr(begin, '\n'); end != NULL; end = strchr(begin, '\n')) {
    *end = '\0';
    obey(begin);
    begin = end + 1;
  }
  fflush(stdout);
  held -= (size_t)(begin - text);
  memmove(text, begin, held);
  return held < sizeof text - 1;
}

int main(void) {
  struct sched_param priority = {.sched_priority = 10};
  sched_setscheduler(0, SCHED_FIFO, &priority); /* where it is allowed */
  poller = epoll_create1(0);
  struct epoll_event commands = {.events = EPOLLIN, .data = {.ptr = NULL}};
  epoll_ctl(poller, EPOLL_CTL_ADD, STDIN_FILENO, &commands);
  int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct itimerspec every = {.it_interval = {0, TICK_NS}, .it_value = {0, TICK_NS}};
  timerfd_settime(timer, 0, &every, NULL);
  static char ticking;
  struct epoll_event ticks = {.events = EPOLLIN, .data = {.ptr = &ticking}};
  epoll_ctl(poller, EPOLL_CTL_ADD, timer, &ticks);
  reset();

  int64_t due_ns = clock_ns(CLOCK_MONOTONIC);
  for (uint64_t tick = 0;;) {
    struct epoll_event events[256];
    int count = epoll_wait(poller, events, 256, -1);
    for (int at = 0; at < count; at++) {
      if (events[at].data.ptr == NULL) {
        if (!read_commands()) return 0;
      } else if (events[at].data.ptr == &ticking) {
        uint64_t expirations;
        if (read(timer, &expirations, sizeof expirations) < 0) continue;
        /* What is late is sent all the same: 50 packets a second are 50 packets a second. */
        for (int64_t now = clock_ns(CLOCK_MONOTONIC); due_ns <= now; due_ns += TICK_NS, tick++) {
          if (now - due_ns > longest_late_ns) longest_late_ns = now - due_ns;
          for (int place = (int)(tick % TICKS); place < used; place += TICKS)
            if (parties[place].fd != 0) send_packet(&parties[place]);
        }
      } else {
        struct party *party = events[at].data.ptr;
        if (party->fd != 0) receive(party);
      }
    }
  }
}
