/*
 * Two pairs of ports without hardware, for tests: 1 (FXO) and 2 (FXS) back to back, 3 and 4 likewise. It obeys, refuses and keeps time
 * as the kernel's DAHDI does, in a clock of its own that goes on as soon as the client has answered.
 *
 * On stdin it takes what nobody but a test can do: `lift 2`, `hang 2` (a telephone beside port 1), `say 2 42` (what the far end of that
 * port says: an octet), `ring 4`, `still 4`, `pull`, `insert` (the card), `status` (answered on stdout).
 */
#define _GNU_SOURCE
#include "loop-circuit.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 4 };

static loop_port_t loop_ports[PORTS];
static bool present = true;
static uint64_t now_ns;

static loop_port_t *of(int handle) {
  for (int n = 0; n < PORTS; n++)
    if (loop_ports[n].handle == handle) return &loop_ports[n];
  return &loop_ports[0];
}

static bool is_fxo(const loop_port_t *port) {
  return (port - loop_ports) % 2 == 0;
}

/* ---- what the agent asks */

int device_start(int receive_buffers) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  now_ns = (uint64_t)now.tv_sec * 1000000000ULL;
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  for (int n = 0; n < PORTS; n++) {
    loop_ports[n].handle = -1;
    loop_ports[n].says = loop_silence;
    loop_ports[n].received.most = loop_ports[n].to_send.most = receive_buffers;
    loop_ports[n].flash_ms = 750;
    for (int octet = 0; octet < 256; octet++) loop_ports[n].receive_gain[octet] = loop_ports[n].send_gain[octet] = (uint8_t)octet;
  }
  return 0;
}

uint64_t device_now_ns(void) {
  return now_ns;
}

int device_card(int span, card_facts_t *card) {
  if (span != 1 || !present) return -ENODEV;
  memset(card, 0, sizeof *card);
  strcpy(card->serial, "LOOP");
  strcpy(card->vendor, "Tipring");
  strcpy(card->model, "Loop \"A\"");
  card->serial_moves_with_card = true;
  card->first_channel = 1;
  card->channels = PORTS;
  return 0;
}

int device_open(int channel, port_facts_t *facts) {
  loop_port_t *port = &loop_ports[channel - 1];
  port->handle = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  port->event_count = port->received.count = port->to_send.count = 0;
  *facts = (port_facts_t){channel, channel, is_fxo(port) ? KIND_FXO : KIND_FXS, LAW_ALAW, 0};
  return port->handle;
}

/* The kernel hangs up what is closed. */
void device_close(int handle) {
  loop_port_t *port = of(handle);
  if (is_fxo(port)) port->loop = LOOP_OPEN;
  else port->feed = FEED_IDLE;
  close(port->handle);
  port->handle = -1;
}

short device_interest(bool audio) {
  (void)audio;
  return POLLIN;
}

int device_event(int handle, device_event_t *event) {
  loop_port_t *port = of(handle);
  uint64_t count;
  if (port->event_count == 0) {
    if (read(handle, &count, sizeof count) < 0) return 0;
    return 0;
  }
  *event = port->events[0];
  port->event_count--;
  memmove(port->events, port->events + 1, (size_t)port->event_count * sizeof *event);
  return 1;
}

int device_read(int handle, uint8_t block[BLOCK_SAMPLES]) {
  loop_port_t *port = of(handle);
  if (port->event_count > 0) return -EAGAIN;
  return queue_take(&port->received, block) ? 1 : 0;
}

int device_write(int handle, const uint8_t block[BLOCK_SAMPLES]) {
  loop_port_t *port = of(handle);
  if (port->event_count > 0) return -EAGAIN;
  /* A write ends dialling, as in the kernel. */
  port->digits[0] = '\0';
  port->pulses = 0;
  return queue_put(&port->to_send, block) ? 0 : -ENOSPC;
}

void device_flush(int handle) {
  of(handle)->received.count = of(handle)->to_send.count = 0;
}

int device_state(int handle, port_kind_t kind, device_state_t *state) {
  const loop_port_t *port = of(handle);
  *state = (device_state_t){kind == KIND_FXO && port->battery, kind == KIND_FXO && port->ringing, kind == KIND_FXS && port->closed};
  return 0;
}

static int fxo_hook(loop_port_t *port, device_hook_t hook) {
  switch (hook) {
    case HOOK_OFF:
      port->loop = LOOP_CLOSED;
      port->debounce_ms = 600;
      return 0;
    case HOOK_ON: port->loop = LOOP_OPEN; return 0;
    case HOOK_FLASH:
      if (port->loop != LOOP_CLOSED || port->debounce_ms > 0) return -EBUSY;
      port->loop = LOOP_FLASH;
      port->loop_ms = 50 + port->flash_ms;
      return 0;
    default: return -EINVAL;
  }
}

static int fxs_hook(loop_port_t *port, device_hook_t hook) {
  switch (hook) {
    case HOOK_OFF:
      if (port->feed == FEED_OPEN || port->feed == FEED_AFTER_OPEN) return -EBUSY;
      port->feed = FEED_TALK;
      return 0;
    case HOOK_ON:
      if (port->feed != FEED_IDLE && (port->closed || port->open_ms > 0)) {
        port->feed = FEED_OPEN;
        port->feed_ms = 500;
      } else {
        port->feed = FEED_IDLE;
      }
      return 0;
    case HOOK_RING_OFF: port->feed = FEED_IDLE; return 0;
    default: return -EINVAL;
  }
}

int device_hook(int handle, device_hook_t hook) {
  loop_port_t *port = of(handle);
  return is_fxo(port) ? fxo_hook(port, hook) : fxs_hook(port, hook);
}

int device_flash_ms(int handle, int ms) {
  of(handle)->flash_ms = ms;
  return 0;
}

int device_ring(int handle, const burst_t *bursts, int count) {
  loop_port_t *port = of(handle);
  memcpy(port->cadence, bursts, (size_t)count * sizeof *bursts);
  port->bursts = count;
  if (port->feed != FEED_IDLE) return -EBUSY;
  port->feed = FEED_RING_ON;
  port->burst = 0;
  port->feed_ms = port->cadence[0].on_ms;
  return 0;
}

int device_pulses(int handle, const char *digits, int break_ms, int make_ms, int inter_digit_ms) {
  loop_port_t *port = of(handle);
  port->break_ms = break_ms;
  port->make_ms = make_ms;
  port->inter_digit_ms = inter_digit_ms;
  snprintf(port->digits, sizeof port->digits, "%s", digits);
  port->pulses = digits[0] == '0' ? 10 : digits[0] - '0';
  port->loop = LOOP_BREAK;
  port->loop_ms = break_ms;
  return 0;
}

int device_polarity(int handle, bool reversed) {
  (void)handle, (void)reversed;
  return -ENOTTY;
}

int device_lamp(int handle, bool on) {
  (void)handle, (void)on;
  return -ENOTTY;
}

int device_transmit_on_hook(int handle, int ms) {
  (void)handle, (void)ms;
  return -ENOTTY;
}

int device_gains(int handle, const gains_t *gains) {
  memcpy(of(handle)->receive_gain, gains->octets[GAIN_RECEIVE], 256);
  memcpy(of(handle)->send_gain, gains->octets[GAIN_SEND], 256);
  return 0;
}

int device_millivolts(int handle, port_kind_t kind, int *millivolts, bool *reversed) {
  (void)handle, (void)kind, (void)millivolts, (void)reversed;
  return -ENOTTY;
}

/* ---- time */

static void status(void) {
  printf("{\"sent\":[%d,%d,%d,%d],\"loop\":[%d,%d],\"feed\":[%d,%d],\"hardwareMs\":%llu}\n", loop_ports[0].sent, loop_ports[1].sent, loop_ports[2].sent, loop_ports[3].sent, loop_ports[0].loop,
         loop_ports[2].loop, loop_ports[1].feed, loop_ports[3].feed, (unsigned long long)(now_ns / 1000000ULL));
  fflush(stdout);
}

static void pull(void) {
  present = false;
  for (int n = 0; n < PORTS; n++) loop_tell(&loop_ports[n], DEVICE_REMOVED, 0);
}

static void ring(loop_port_t *fxs) {
  const burst_t burst = {1000, 2000};
  device_ring(fxs->handle, &burst, 1);
}

static void obey(const char *line) {
  int port, octet;
  if (sscanf(line, "lift %d", &port) == 1) loop_ports[(port - 1) & 3].lifted = true;
  else if (sscanf(line, "hang %d", &port) == 1) loop_ports[(port - 1) & 3].lifted = false;
  /* What is said at port 2 comes from its far end, so from port 1, and the other way about. */
  else if (sscanf(line, "say %d %d", &port, &octet) == 2) loop_ports[((port - 1) ^ 1) & 3].says = (uint8_t)octet;
  else if (sscanf(line, "ring %d", &port) == 1) ring(&loop_ports[(port - 1) & 3]);
  else if (sscanf(line, "still %d", &port) == 1) loop_ports[(port - 1) & 3].feed = FEED_IDLE;
  else if (strcmp(line, "pull") == 0) pull();
  else if (strcmp(line, "insert") == 0) present = true;
  else if (strcmp(line, "status") == 0) status();
}

static void listen_to_test(void) {
  static char text[256];
  static size_t length;
  const ssize_t got = read(STDIN_FILENO, text + length, sizeof text - 1 - length);
  if (got <= 0) return;
  length += (size_t)got;
  text[length] = '\0';
  char *end;
  while ((end = strchr(text, '\n')) != NULL) {
    *end = '\0';
    obey(text);
    length -= (size_t)(end + 1 - text);
    memmove(text, end + 1, length + 1);
  }
}

static void step(void) {
  listen_to_test();
  for (int ms = 0; ms < 20; ms++) {
    now_ns += 1000000ULL;
    for (int n = 0; n < PORTS; n += 2) loop_pass_ms(&loop_ports[n], &loop_ports[n + 1]);
  }
  for (int n = 0; n < PORTS; n += 2) loop_pass_block(&loop_ports[n], &loop_ports[n + 1]);
}

/*
 * Time goes on when the client has answered, at once; one that never does holds it up for a second of the world outside. Nobody
 * there: a second passes in 50 ms.
 */
int device_wait_ms(audio_t audio, int most) {
  static struct timespec stepped;
  struct timespec now;
  (void)most;
  clock_gettime(CLOCK_MONOTONIC, &now);
  const int64_t waited_ms = (int64_t)(now.tv_sec - stepped.tv_sec) * 1000 + (now.tv_nsec - stepped.tv_nsec) / 1000000;
  const int64_t pause_ms = audio == AUDIO_OWED ? 1000 : audio == AUDIO_NOBODYS ? 1 : 0;
  if (waited_ms < pause_ms) return (int)(pause_ms - waited_ms);
  stepped = now;
  step();
  return 0;
}
