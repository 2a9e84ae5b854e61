#define _GNU_SOURCE
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { HEADER = 8, LONGEST_FRAME = 4096, MOST_UNREAD = 1 << 20 };

static int client = -1;
static uint8_t in[HEADER + LONGEST_FRAME];
static size_t in_length;
/* Filled at the end, sent from the start. A client that leaves so much unread is not alive. */
static uint8_t out[MOST_UNREAD];
static size_t out_start, out_length;
static bool overflown;

void put_u8(fields_t *fields, uint8_t value) {
  fields->bytes[fields->length++] = value;
}

void put_u16(fields_t *fields, uint16_t value) {
  for (int n = 0; n < 2; n++) put_u8(fields, (uint8_t)(value >> 8 * n));
}

void put_u32(fields_t *fields, uint32_t value) {
  for (int n = 0; n < 4; n++) put_u8(fields, (uint8_t)(value >> 8 * n));
}

void put_u64(fields_t *fields, uint64_t value) {
  for (int n = 0; n < 8; n++) put_u8(fields, (uint8_t)(value >> 8 * n));
}

uint16_t take_u16(const uint8_t *bytes) {
  return (uint16_t)(bytes[0] | bytes[1] << 8);
}

uint32_t take_u32(const uint8_t *bytes) {
  return (uint32_t)take_u16(bytes) | (uint32_t)take_u16(bytes + 2) << 16;
}

int client_listen(const char *path) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address.sun_path) return -ENAMETOOLONG;
  memcpy(address.sun_path, path, strlen(path));
  const int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return -errno;
  if (connect(listener, (struct sockaddr *)&address, sizeof address) == 0 || errno == EAGAIN) {
    close(listener);
    return -EADDRINUSE;
  }
  /* A file whose agent was killed. */
  unlink(path);
  const mode_t mask = umask(0177);
  int wrong = bind(listener, (struct sockaddr *)&address, sizeof address) == 0 && listen(listener, 4) == 0 ? 0 : -errno;
  umask(mask);
  if (wrong == 0) return listener;
  close(listener);
  return wrong;
}

int client_handle(void) {
  return client;
}

bool client_there(void) {
  return client >= 0;
}

short client_interest(void) {
  return (short)(POLLIN | (out_length > out_start ? POLLOUT : 0));
}

bool client_accept(int listener) {
  const int caller = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (caller < 0) return false;
  if (client >= 0) {
    static const char text[] = "Another client is connected.";
    uint8_t frame[HEADER + sizeof text - 1] = {sizeof text - 1, 0, 0, 0, SAY_REFUSED};
    memcpy(frame + HEADER, text, sizeof text - 1);
    if (send(caller, frame, sizeof frame, MSG_NOSIGNAL) < 0) { /* It need not be told. */ }
    close(caller);
    return false;
  }
  client = caller;
  in_length = out_start = out_length = 0;
  overflown = false;
  return true;
}

bool client_read(client_frame_t frame) {
  const ssize_t got = recv(client, in + in_length, sizeof in - in_length, 0);
  if (got < 0) return errno == EAGAIN || errno == EINTR;
  if (got == 0) return false;
  in_length += (size_t)got;
  size_t at = 0;
  while (client >= 0 && in_length - at >= HEADER) {
    const uint32_t length = take_u32(in + at);
    if (length > LONGEST_FRAME) return false;
    if (in_length - at < HEADER + length) break;
    frame((ask_t)in[at + 4], take_u16(in + at + 6), in + at + HEADER, length);
    at += HEADER + length;
  }
  memmove(in, in + at, in_length - at);
  in_length -= at;
  return !overflown;
}

bool client_write(void) {
  while (out_start < out_length) {
    const ssize_t sent = send(client, out + out_start, out_length - out_start, MSG_NOSIGNAL);
    if (sent < 0) return (errno == EAGAIN || errno == EINTR) && !overflown;
    out_start += (size_t)sent;
  }
  out_start = out_length = 0;
  return !overflown;
}

void client_drop(void) {
  if (client >= 0) close(client);
  client = -1;
}

void say(say_t type, int channel, const void *payload, uint32_t length) {
  if (client < 0) return;
  if (out_length + HEADER + length > sizeof out && out_start > 0) {
    memmove(out, out + out_start, out_length - out_start);
    out_length -= out_start;
    out_start = 0;
  }
  if (out_length + HEADER + length > sizeof out) {
    overflown = true;
    return;
  }
  uint8_t *at = out + out_length;
  const uint8_t header[HEADER] = {(uint8_t)length, (uint8_t)(length >> 8), (uint8_t)(length >> 16), (uint8_t)(length >> 24), (uint8_t)type, 0, (uint8_t)channel, (uint8_t)(channel >> 8)};
  memcpy(at, header, HEADER);
  if (length > 0) memcpy(at + HEADER, payload, length);
  out_length += HEADER + length;
}
