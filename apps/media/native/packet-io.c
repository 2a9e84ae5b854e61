/*
 * Packet I/O for the media gateway's worker threads: many UDP sockets, one epoll, batches received into and sent from one
 * preallocated block of memory that JavaScript sees as an ArrayBuffer. No decisions about packets are taken here, and
 * nothing is allocated after setup().
 *
 * Memory, as src/packet-io.ts lays it out (all offsets come from there, through setup()):
 *   clock      one double: CLOCK_MONOTONIC in microseconds when the batch was received
 *   received   4 words a packet: socket, length, 1 when it came from the socket's remote, source port
 *   toSend     3 words a packet: socket, offset, length
 *   slots      where packet i of a batch is received
 */
#define _GNU_SOURCE
#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/ip.h>
#include <node_api.h>
#include <pthread.h>
#include <sched.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_BATCH = 256, WAKE = -1, RECEIVED_WORDS = 4, SEND_WORDS = 3, DSCP_EF = 46 << 2 };

typedef union {
  struct sockaddr any;
  struct sockaddr_in v4;
  struct sockaddr_in6 v6;
} address_t;

typedef struct {
  int fd; /* -1: not open */
  socklen_t remote_length; /* 0: nowhere to send to */
  address_t remote;
} port_t;

typedef struct {
  int epoll, wake, batch, slot_size;
  uint8_t *memory; /* JavaScript's; kept alive by `keep` */
  napi_ref keep;
  double *clock;
  int32_t *received, *to_send;
  uint8_t *slots;
  port_t *ports;
  int port_count;
  address_t sources[MAX_BATCH];
  struct epoll_event ready[MAX_BATCH];
} io_t;

/* Arguments of a call; missing or wrong ones become 0, the TypeScript side never passes any. */
typedef struct {
  io_t *io;
  napi_value values[8];
} call_t;

static call_t call_of(napi_env env, napi_callback_info info) {
  call_t call = {0};
  size_t count = 8;
  napi_get_cb_info(env, info, &count, call.values, NULL, NULL);
  napi_get_instance_data(env, (void **)&call.io);
  return call;
}

static int32_t int_of(napi_env env, napi_value value) {
  int32_t number = 0;
  napi_get_value_int32(env, value, &number);
  return number;
}

static napi_value number(napi_env env, int32_t value) {
  napi_value result;
  napi_create_int32(env, value, &result);
  return result;
}

static port_t *port_of(napi_env env, call_t *call) {
  int32_t id = int_of(env, call->values[0]);
  return id >= 0 && id < call->io->port_count ? &call->io->ports[id] : NULL;
}

static socklen_t length_of(const address_t *address) {
  return address->any.sa_family == AF_INET6 ? sizeof address->v6 : sizeof address->v4;
}

/* An address literal and a port; returns its length, 0 when it is no address. */
static socklen_t read_address(napi_env env, napi_value text, int32_t port, address_t *address) {
  char literal[INET6_ADDRSTRLEN + 1];
  size_t length = 0;
  memset(address, 0, sizeof *address);
  if (napi_get_value_string_utf8(env, text, literal, sizeof literal, &length) != napi_ok) return 0;
  if (inet_pton(AF_INET, literal, &address->v4.sin_addr) == 1) {
    address->v4.sin_family = AF_INET;
    address->v4.sin_port = htons((uint16_t)port);
  } else if (inet_pton(AF_INET6, literal, &address->v6.sin6_addr) == 1) {
    address->v6.sin6_family = AF_INET6;
    address->v6.sin6_port = htons((uint16_t)port);
  } else {
    return 0;
  }
  return length_of(address);
}

static int same_address(const address_t *a, const address_t *b) {
  if (a->any.sa_family != b->any.sa_family) return 0;
  if (a->any.sa_family == AF_INET) return a->v4.sin_port == b->v4.sin_port && a->v4.sin_addr.s_addr == b->v4.sin_addr.s_addr;
  return a->v6.sin6_port == b->v6.sin6_port && memcmp(&a->v6.sin6_addr, &b->v6.sin6_addr, sizeof a->v6.sin6_addr) == 0;
}

static void close_all(napi_env env, io_t *io) {
  for (int i = 0; i < io->port_count; i++)
    if (io->ports[i].fd >= 0) close(io->ports[i].fd);
  if (io->wake >= 0) close(io->wake);
  if (io->epoll >= 0) close(io->epoll);
  if (io->keep != NULL) napi_delete_reference(env, io->keep);
  free(io->ports);
  io->ports = NULL;
  io->keep = NULL;
  io->port_count = 0;
  io->epoll = io->wake = -1;
}

/* There is one set of sockets in a thread; setting up another closes the former.
   setup(memory, clockAt, receivedAt, toSendAt, slotsAt, slotSize, batch, sockets): the descriptor for wake(), or -errno. */
static napi_value setup(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  io_t *io = call.io;
  size_t size;
  close_all(env, io);
  if (napi_get_arraybuffer_info(env, call.values[0], (void **)&io->memory, &size) != napi_ok) return number(env, -EINVAL);
  io->clock = (double *)(io->memory + int_of(env, call.values[1]));
  io->received = (int32_t *)(io->memory + int_of(env, call.values[2]));
  io->to_send = (int32_t *)(io->memory + int_of(env, call.values[3]));
  io->slots = io->memory + int_of(env, call.values[4]);
  io->slot_size = int_of(env, call.values[5]);
  io->batch = int_of(env, call.values[6]) < MAX_BATCH ? int_of(env, call.values[6]) : MAX_BATCH;
  io->port_count = int_of(env, call.values[7]);
  io->ports = calloc((size_t)io->port_count, sizeof *io->ports);
  if (io->ports == NULL) return number(env, -ENOMEM);
  for (int i = 0; i < io->port_count; i++) io->ports[i].fd = -1;
  napi_create_reference(env, call.values[0], 1, &io->keep);
  io->epoll = epoll_create1(EPOLL_CLOEXEC);
  io->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (io->epoll < 0 || io->wake < 0) return number(env, -errno);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = WAKE};
  if (epoll_ctl(io->epoll, EPOLL_CTL_ADD, io->wake, &event) < 0) return number(env, -errno);
  /* Sleeps of some hundred microseconds must not be stretched by the default slack of 50. */
  prctl(PR_SET_TIMERSLACK, 1000UL, 0, 0, 0);
  return number(env, io->wake);
}

/* open(socket, address, port): 0 or -errno. */
static napi_value open_port(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  port_t *port = port_of(env, &call);
  address_t local;
  socklen_t length = read_address(env, call.values[1], int_of(env, call.values[2]), &local);
  if (port == NULL || port->fd >= 0 || length == 0) return number(env, -EINVAL);
  int fd = socket(local.any.sa_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return number(env, -errno);
  int on = 1, expedited = DSCP_EF;
  if (local.any.sa_family == AF_INET6) {
    setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    setsockopt(fd, IPPROTO_IPV6, IPV6_TCLASS, &expedited, sizeof expedited);
  } else {
    setsockopt(fd, IPPROTO_IP, IP_TOS, &expedited, sizeof expedited);
  }
  struct epoll_event event = {.events = EPOLLIN, .data.fd = int_of(env, call.values[0])};
  if (bind(fd, &local.any, length) < 0 || epoll_ctl(call.io->epoll, EPOLL_CTL_ADD, fd, &event) < 0) {
    int error = errno;
    close(fd);
    return number(env, -error);
  }
  port->fd = fd;
  port->remote_length = 0;
  return number(env, 0);
}

/* close(socket): closing the descriptor takes it out of the epoll. */
static napi_value close_port(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  port_t *port = port_of(env, &call);
  if (port == NULL || port->fd < 0) return NULL;
  close(port->fd);
  port->fd = -1;
  port->remote_length = 0;
  return NULL;
}

/* To a group of receivers packets leave by the interface whose address the socket has (IPv6: by the routing table), and pass `ttl` - 1 routers. */
static int aim_at_group(int fd, const address_t *group, int ttl) {
  address_t local;
  socklen_t length = sizeof local;
  if (group->any.sa_family == AF_INET6)
    return IN6_IS_ADDR_MULTICAST(&group->v6.sin6_addr) ? setsockopt(fd, IPPROTO_IPV6, IPV6_MULTICAST_HOPS, &ttl, sizeof ttl) : 0;
  if (!IN_MULTICAST(ntohl(group->v4.sin_addr.s_addr))) return 0;
  if (getsockname(fd, &local.any, &length) < 0 || setsockopt(fd, IPPROTO_IP, IP_MULTICAST_TTL, &ttl, sizeof ttl) < 0) return -1;
  return setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &local.v4.sin_addr, sizeof local.v4.sin_addr);
}

/* setRemote(socket, address, port, ttl): where it sends to; port 0 is nowhere. 0 or -errno. */
static napi_value set_remote(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  port_t *port = port_of(env, &call);
  if (port == NULL) return number(env, -EINVAL);
  int32_t number_of_port = int_of(env, call.values[2]);
  port->remote_length = 0;
  if (number_of_port == 0) return number(env, 0);
  port->remote_length = read_address(env, call.values[1], number_of_port, &port->remote);
  if (port->remote_length == 0 || port->fd < 0) return number(env, -EINVAL);
  return number(env, aim_at_group(port->fd, &port->remote, int_of(env, call.values[3])) < 0 ? -errno : 0);
}

/* poll(timeoutMs): waits for packets or a wake, and receives at most one from each socket: the others are not to wait
   behind one that floods. Returns how many. */
static napi_value poll_ports(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  io_t *io = call.io;
  int ready = epoll_wait(io->epoll, io->ready, io->batch, int_of(env, call.values[0]));
  int count = 0;
  for (int i = 0; i < ready; i++) {
    int id = io->ready[i].data.fd;
    if (id == WAKE) {
      uint64_t wakes;
      (void)!read(io->wake, &wakes, sizeof wakes);
      continue;
    }
    const port_t *port = &io->ports[id];
    address_t *source = &io->sources[count];
    socklen_t source_length = sizeof *source;
    ssize_t length = recvfrom(port->fd, io->slots + count * io->slot_size, (size_t)io->slot_size, MSG_DONTWAIT, &source->any, &source_length);
    if (length < 0) continue;
    int32_t *words = io->received + count * RECEIVED_WORDS;
    words[0] = id;
    words[1] = (int32_t)length;
    words[2] = port->remote_length != 0 && same_address(source, &port->remote);
    words[3] = ntohs(source->any.sa_family == AF_INET6 ? source->v6.sin6_port : source->v4.sin_port);
    count++;
  }
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  *io->clock = (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
  return number(env, count);
}

/* source(i): the address packet i of the batch came from. */
static napi_value source_of(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  const address_t *source = &call.io->sources[int_of(env, call.values[0]) & (MAX_BATCH - 1)];
  char literal[INET6_ADDRSTRLEN] = "";
  const void *bytes = source->any.sa_family == AF_INET6 ? (const void *)&source->v6.sin6_addr : (const void *)&source->v4.sin_addr;
  inet_ntop(source->any.sa_family, bytes, literal, sizeof literal);
  napi_value text;
  napi_create_string_utf8(env, literal, NAPI_AUTO_LENGTH, &text);
  return text;
}

/* flush(count): sends the first `count` entries of toSend. Returns how many the kernel did not take. */
static napi_value flush(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  io_t *io = call.io;
  int32_t count = int_of(env, call.values[0]);
  int32_t failed = 0;
  for (int32_t i = 0; i < count; i++) {
    const int32_t *words = io->to_send + i * SEND_WORDS;
    const port_t *port = &io->ports[words[0]];
    if (port->fd < 0 || port->remote_length == 0 || sendto(port->fd, io->memory + words[1], (size_t)words[2], MSG_DONTWAIT, &port->remote.any, port->remote_length) < 0) failed++;
  }
  return number(env, failed);
}

/* waitUntil(microseconds): sleeps to that instant of the clock. */
static napi_value wait_until(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  double microseconds = 0;
  napi_get_value_double(env, call.values[0], &microseconds);
  struct timespec until = {.tv_sec = (time_t)(microseconds / 1e6)};
  until.tv_nsec = (long)((microseconds - (double)until.tv_sec * 1e6) * 1e3);
  clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL);
  return NULL;
}

/* setRealtime(): round-robin real-time priority for this thread; 0 or -errno (EPERM without CAP_SYS_NICE). */
static napi_value set_realtime(napi_env env, napi_callback_info info) {
  (void)info;
  struct sched_param parameters = {.sched_priority = 10};
  return number(env, -pthread_setschedparam(pthread_self(), SCHED_RR, &parameters));
}

/* wake(descriptor): ends another thread's poll(). */
static napi_value wake(napi_env env, napi_callback_info info) {
  call_t call = call_of(env, info);
  uint64_t one = 1;
  (void)!write(int_of(env, call.values[0]), &one, sizeof one);
  return NULL;
}

static void end(napi_env env, void *data, void *hint) {
  (void)hint;
  close_all(env, data);
  free(data);
}

NAPI_MODULE_INIT() {
  io_t *io = calloc(1, sizeof *io);
  if (io == NULL) return NULL;
  io->epoll = io->wake = -1;
  napi_set_instance_data(env, io, end, NULL);
  const struct {
    const char *name;
    napi_callback function;
  } functions[] = {{"setup", setup}, {"open", open_port}, {"close", close_port}, {"setRemote", set_remote}, {"poll", poll_ports}, {"source", source_of},
                   {"flush", flush}, {"waitUntil", wait_until}, {"setRealtime", set_realtime}, {"wake", wake}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
