/*
 * Batches of datagrams for a UDP socket that Node has opened and polls: Node's own path costs some 8 µs for each one in either
 * direction, most of a refused request. Node still says when there is something to read; what is then in the socket is read
 * here, up to BATCH at a call. Nothing is decided here, and nothing allocated after setup().
 */
#define _GNU_SOURCE
#ifndef NAPI_VERSION
#define NAPI_VERSION 8
#endif
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <node_api.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

/* A datagram may have 65,507 octets (RFC 768 over IPv4); of what is not used the pages are never touched. */
enum { BATCH = 32, SLOT = 65536, RECEIVED_WORDS = 3 };

typedef struct {
  uint8_t *slots;
  int32_t *received; /* for each: length, IPv4 address in host order, port */
  napi_ref keep_slots, keep_received;
  struct mmsghdr messages[BATCH];
  struct iovec parts[BATCH];
  struct sockaddr_in sources[BATCH];
} datagrams_t;

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

/* setup(slots: ArrayBuffer of BATCH * SLOT, received: ArrayBuffer of BATCH * RECEIVED_WORDS words): 0 or -EINVAL. Once in a thread. */
static napi_value setup(napi_env env, napi_callback_info info) {
  datagrams_t *d = NULL;
  napi_value values[2];
  size_t count = 2, slots_size = 0, received_size = 0;
  napi_get_cb_info(env, info, &count, values, NULL, NULL);
  napi_get_instance_data(env, (void **)&d);
  if (napi_get_arraybuffer_info(env, values[0], (void **)&d->slots, &slots_size) != napi_ok || slots_size < BATCH * SLOT) return number(env, -EINVAL);
  if (napi_get_arraybuffer_info(env, values[1], (void **)&d->received, &received_size) != napi_ok || received_size < BATCH * RECEIVED_WORDS * 4) return number(env, -EINVAL);
  napi_create_reference(env, values[0], 1, &d->keep_slots);
  napi_create_reference(env, values[1], 1, &d->keep_received);
  for (int i = 0; i < BATCH; i++) {
    d->parts[i] = (struct iovec){.iov_base = d->slots + (size_t)i * SLOT, .iov_len = SLOT};
    d->messages[i].msg_hdr = (struct msghdr){.msg_name = &d->sources[i], .msg_iov = &d->parts[i], .msg_iovlen = 1};
  }
  return number(env, 0);
}

/* receive(descriptor): how many datagrams were there, at most BATCH, or -errno. For IPv4 sockets. */
static napi_value receive(napi_env env, napi_callback_info info) {
  datagrams_t *d = NULL;
  napi_value values[1];
  size_t argument_count = 1;
  napi_get_cb_info(env, info, &argument_count, values, NULL, NULL);
  napi_get_instance_data(env, (void **)&d);
  for (int i = 0; i < BATCH; i++) d->messages[i].msg_hdr.msg_namelen = sizeof d->sources[i];
  int count = recvmmsg(int_of(env, values[0]), d->messages, BATCH, MSG_DONTWAIT, NULL);
  if (count < 0) return number(env, errno == EAGAIN ? 0 : -errno);
  for (int i = 0; i < count; i++) {
    int32_t *words = d->received + i * RECEIVED_WORDS;
    words[0] = (int32_t)d->messages[i].msg_len;
    words[1] = (int32_t)ntohl(d->sources[i].sin_addr.s_addr);
    words[2] = ntohs(d->sources[i].sin_port);
  }
  return number(env, count);
}

/* send(descriptor, bytes, address, port): 0 or -errno. For IPv4 sockets; the address as a number in host order. */
static napi_value send_one(napi_env env, napi_callback_info info) {
  napi_value values[4];
  size_t argument_count = 4, length = 0;
  void *bytes = NULL;
  uint32_t address = 0;
  napi_get_cb_info(env, info, &argument_count, values, NULL, NULL);
  napi_get_value_uint32(env, values[2], &address);
  if (napi_get_typedarray_info(env, values[1], NULL, &length, &bytes, NULL, NULL) != napi_ok) return number(env, -EINVAL);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)int_of(env, values[3])), .sin_addr = {.s_addr = htonl(address)}};
  ssize_t sent = sendto(int_of(env, values[0]), bytes, length, MSG_DONTWAIT, (struct sockaddr *)&to, sizeof to);
  return number(env, sent < 0 ? -errno : 0);
}

static void end(napi_env env, void *data, void *hint) {
  (void)env;
  (void)hint;
  free(data);
}

NAPI_MODULE_INIT() {
  datagrams_t *d = calloc(1, sizeof *d);
  if (d == NULL) return NULL;
  napi_set_instance_data(env, d, end, NULL);
  const struct {
    const char *name;
    napi_callback function;
  } functions[] = {{"setup", setup}, {"receive", receive}, {"send", send_one}};
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, NULL, &function);
    napi_set_named_property(env, exports, functions[i].name, function);
  }
  return exports;
}
