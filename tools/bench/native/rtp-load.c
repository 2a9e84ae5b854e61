/*
 * Load for the relay bench: many RTP parties in one thread, each sending PCMU (RFC 3551), 50 packets a second spread evenly,
 * and listening on the same port. What a relay adds is measured by the sender's clock in the payload against the kernel's
 * own time stamp of the arrival, so that our own waiting to read does not count.
 *
 *     rtp-load SECONDS     stdin: one line "LOCAL_PORT RELAY_PORT" a party, then its end
 *
 * stdout: "measuring" when the warm-up of one second is over, then one line of JSON about the packets sent after it.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_PARTIES = 8192, PACKET = 172, HEADER = 12, BATCH = 64, BUCKETS = 200000 };

static const int64_t SECOND_NS = 1000000000, PACKET_NS = 20000000, BUCKET_NS = 1000;

struct party {
  int fd;
  struct sockaddr_in relay;
  uint16_t sequence;
};

static struct party parties[MOST_PARTIES];
static uint64_t histogram[BUCKETS + 1]; /* of microseconds; the last is everything above */

static int64_t now_ns(void) {
  struct timespec t;
  clock_gettime(CLOCK_REALTIME, &t);
  return t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* 127.9.9.9: on the loopback interface, but nobody else's ports. */
static struct sockaddr_in loopback(int port) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(0x7f090909)};
  return address;
}

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void send_packet(struct party *party, int index, int64_t now) {
  uint8_t packet[PACKET] = {0x80, 0};
  uint16_t sequence = htons(party->sequence);
  uint32_t timestamp = htonl(party->sequence * 160u), ssrc = htonl((uint32_t)index + 1);
  memcpy(packet + 2, &sequence, 2);
  memcpy(packet + 4, &timestamp, 4);
  memcpy(packet + 8, &ssrc, 4);
  memcpy(packet + HEADER, &now, 8);
  party->sequence++;
  sendto(party->fd, packet, PACKET, MSG_DONTWAIT, (struct sockaddr *)&party->relay, sizeof party->relay);
}

/* Returns when the packet was sent, and by the kernel's clock when it came; 0 when there was none. */
static int64_t receive_packet(int fd, int64_t *came) {
  uint8_t packet[256];
  char control[64];
  struct iovec vector = {packet, sizeof packet};
  struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
  if (recvmsg(fd, &message, MSG_DONTWAIT) != PACKET) return 0;
  struct timespec stamp = {0};
  for (struct cmsghdr *c = CMSG_FIRSTHDR(&message); c != NULL; c = CMSG_NXTHDR(&message, c))
    if (c->cmsg_type == SO_TIMESTAMPNS) memcpy(&stamp, CMSG_DATA(c), sizeof stamp);
  int64_t sent;
  memcpy(&sent, packet + HEADER, 8);
  *came = stamp.tv_sec * SECOND_NS + stamp.tv_nsec;
  return sent;
}

static double percentile_ms(uint64_t total, double share) {
  uint64_t below = 0;
  for (int i = 0; i <= BUCKETS; i++)
    if ((below += histogram[i]) >= (uint64_t)((double)total * share)) return i / 1000.0;
  return BUCKETS / 1000.0;
}

int main(int argc, char **argv) {
  if (argc != 2) return 2;
  int64_t measured_ns = (int64_t)(atof(argv[1]) * 1e9);
  struct rlimit limit;
  getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);

  int poller = epoll_create1(0), count = 0, local_port, relay_port, on = 1;
  while (count < MOST_PARTIES && scanf("%d %d", &local_port, &relay_port) == 2) {
    struct party *party = &parties[count];
    struct sockaddr_in local = loopback(local_port);
    party->fd = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    if (party->fd < 0 || bind(party->fd, (struct sockaddr *)&local, sizeof local) < 0) fail("bind");
    setsockopt(party->fd, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    party->relay = loopback(relay_port);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = party->fd};
    if (epoll_ctl(poller, EPOLL_CTL_ADD, party->fd, &event) < 0) fail("epoll");
    count++;
  }
  if (count == 0) return 2;

  int64_t start = now_ns(), from = start + SECOND_NS, until = from + measured_ns, give_up = until + SECOND_NS / 2;
  int64_t sent_total = 0; /* packets so far; number n is due at start + n * 20 ms / count */
  uint64_t sent = 0, received = 0;
  int64_t worst_late = 0;
  int announced = 0;
  for (;;) {
    int64_t now = now_ns();
    if (now > give_up) break;
    if (!announced && now >= from) {
      announced = 1;
      printf("measuring\n");
      fflush(stdout);
    }
    int64_t due = start + sent_total * PACKET_NS / count;
    for (int burst = 0; now < until && due <= now && burst < BATCH; burst++) {
      if (now >= from && now - due > worst_late) worst_late = now - due;
      send_packet(&parties[sent_total % count], (int)(sent_total % count), now);
      if (now >= from) sent++;
      sent_total++;
      due = start + sent_total * PACKET_NS / count;
      now = now_ns();
    }
    struct epoll_event ready[BATCH];
    int n = epoll_wait(poller, ready, BATCH, 0);
    for (int i = 0; i < n; i++) {
      int64_t came = 0, left = receive_packet(ready[i].data.fd, &came);
      if (left < from) continue;
      received++;
      int64_t bucket = (came - left) / BUCKET_NS;
      histogram[bucket < 0 ? 0 : bucket > BUCKETS ? BUCKETS : bucket]++;
    }
    /* The relay may share this machine's other core with nobody, but the kernel's own work runs here too. */
    if (n == 0 && due > now + 20000) sched_yield();
  }
  printf("{\"sent\":%llu,\"received\":%llu,\"p50Ms\":%.3f,\"p99Ms\":%.3f,\"worstSendLateMs\":%.3f}\n", (unsigned long long)sent, (unsigned long long)received,
         percentile_ms(received, 0.5), percentile_ms(received, 0.99), (double)worst_late / 1e6);
  return 0;
}
