/*
 * Two pairs of ports without hardware, for tests: 1 (FXO) and 2 (FXS) back to back, 3 and 4 likewise. It obeys, refuses and keeps time
 * as the kernel's DAHDI does, in a clock of its own that goes on as soon as the client has answered.
 *
 * On stdin it takes what nobody but a test can do: `lift 2`, `hang 2` (a telephone beside port 1), `say 2 42` (what the far end of that
 * port says: an octet), `ring 4`, `still 4`, `pull`, `insert` (the card), `status` (answered on stdout).
 */
#define _GNU_SOURCE
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum { PORTS = 4, EVENTS_KEPT = 16, BLOCKS_KEPT = 32 };

typedef struct {
  uint8_t blocks[BLOCKS_KEPT][BLOCK_SAMPLES];
  int count;
} queue_t;

typedef enum { FEED_IDLE, FEED_TALK, FEED_RING_ON, FEED_RING_OFF, FEED_OPEN, FEED_AFTER_OPEN } feed_t;
typedef enum { LOOP_OPEN, LOOP_CLOSED, LOOP_FLASH, LOOP_BREAK, LOOP_MAKE } loop_t;

typedef struct {
  int handle;
  device_event_t events[EVENTS_KEPT];
  int event_count;
  queue_t received, to_send;
  uint8_t sent; /* the last octet that went out */
  uint8_t receive_gain[256], send_gain[256];

  /* FXO */
  loop_t loop;
  int loop_ms, debounce_ms, flash_ms, break_ms, make_ms, inter_digit_ms;
  char digits[72];
  int pulses;
  bool battery, ringing;

  /* FXS */
  feed_t feed;
  int feed_ms, burst, bursts;
  burst_t cadence[MOST_BURSTS];
  bool closed, told_off_hook; /* the loop now; what was told of it */
  int open_ms, pulse_count, pulse_ms;
  bool lifted;
  uint8_t says;
} loop_port_t;

static loop_port_t loop_ports[PORTS];
static int kept_blocks = 8;
static bool present = true;
static uint64_t now_ns;

static const uint8_t silence = 0xD5;

static loop_port_t *of(int handle) {
  for (int n = 0; n < PORTS; n++)
    if (loop_ports[n].handle == handle) return &loop_ports[n];
  return &loop_ports[0];
}

static bool is_fxo(const loop_port_t *port) {
  return (port - loop_ports) % 2 == 0;
}

static void wake(const loop_port_t *port) {
  const uint64_t one = 1;
  if (port->handle >= 0 && write(port->handle, &one, sizeof one) < 0) { /* It is awake. */ }
}

static void tell(loop_port_t *port, device_event_kind_t kind, int value) {
  if (port->event_count == EVENTS_KEPT) return;
  port->events[port->event_count++] = (device_event_t){kind, value};
  wake(port);
}

/* ---- what the agent asks */

int device_start(int receive_buffers) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  now_ns = (uint64_t)now.tv_sec * 1000000000ULL;
  kept_blocks = receive_buffers;
  fcntl(STDIN_FILENO, F_SETFL, fcntl(STDIN_FILENO, F_GETFL) | O_NONBLOCK);
  for (int n = 0; n < PORTS; n++) {
    loop_ports[n].handle = -1;
    loop_ports[n].says = silence;
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

static bool take(queue_t *queue, uint8_t block[BLOCK_SAMPLES]) {
  if (queue->count == 0) return false;
  memcpy(block, queue->blocks[0], BLOCK_SAMPLES);
  queue->count--;
  memmove(queue->blocks[0], queue->blocks[1], (size_t)queue->count * BLOCK_SAMPLES);
  return true;
}

static bool put(queue_t *queue, const uint8_t block[BLOCK_SAMPLES]) {
  if (queue->count >= kept_blocks) return false;
  memcpy(queue->blocks[queue->count++], block, BLOCK_SAMPLES);
  return true;
}

int device_read(int handle, uint8_t block[BLOCK_SAMPLES]) {
  loop_port_t *port = of(handle);
  if (port->event_count > 0) return -EAGAIN;
  return take(&port->received, block) ? 1 : 0;
}

int device_write(int handle, const uint8_t block[BLOCK_SAMPLES]) {
  loop_port_t *port = of(handle);
  if (port->event_count > 0) return -EAGAIN;
  /* A write ends dialling, as in the kernel. */
  port->digits[0] = '\0';
  port->pulses = 0;
  return put(&port->to_send, block) ? 0 : -ENOSPC;
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

static bool elapsed(int *ms) {
  return *ms > 0 && --*ms == 0;
}

static void pulse_over(loop_port_t *fxo) {
  if (fxo->pulses > 0 && --fxo->pulses > 0) {
    fxo->loop = LOOP_BREAK;
    fxo->loop_ms = fxo->break_ms;
    return;
  }
  fxo->loop = LOOP_CLOSED;
  fxo->loop_ms = fxo->inter_digit_ms;
}

static void next_digit(loop_port_t *fxo) {
  if (fxo->digits[0] != '\0') memmove(fxo->digits, fxo->digits + 1, strlen(fxo->digits));
  if (fxo->digits[0] == '\0') return tell(fxo, DEVICE_DIAL_COMPLETE, 0);
  fxo->pulses = fxo->digits[0] == '0' ? 10 : fxo->digits[0] - '0';
  fxo->loop = LOOP_BREAK;
  fxo->loop_ms = fxo->break_ms;
}

static void fxo_ms(loop_port_t *fxo, const loop_port_t *fxs) {
  if (fxo->debounce_ms > 0) fxo->debounce_ms--;
  if (elapsed(&fxo->loop_ms)) {
    if (fxo->loop == LOOP_FLASH) {
      fxo->loop = LOOP_CLOSED;
      tell(fxo, DEVICE_HOOK_COMPLETE, 0);
    } else if (fxo->loop == LOOP_BREAK) {
      fxo->loop = LOOP_MAKE;
      fxo->loop_ms = fxo->make_ms;
    } else if (fxo->loop == LOOP_MAKE) {
      pulse_over(fxo);
    } else if (fxo->loop == LOOP_CLOSED) {
      next_digit(fxo);
    }
  }
  const bool battery = fxs->feed != FEED_OPEN, ringing = fxs->feed == FEED_RING_ON;
  if (fxo->battery && !battery && fxo->loop == LOOP_CLOSED && fxo->debounce_ms == 0) tell(fxo, DEVICE_ON_HOOK, 0);
  if (ringing != fxo->ringing) tell(fxo, ringing ? DEVICE_RING_BEGAN : DEVICE_RING_OR_OFF_HOOK, 0);
  fxo->battery = battery;
  fxo->ringing = ringing;
}

static void feed_ms(loop_port_t *fxs) {
  if (!elapsed(&fxs->feed_ms)) return;
  switch (fxs->feed) {
    case FEED_RING_ON:
      fxs->feed = FEED_RING_OFF;
      fxs->feed_ms = fxs->cadence[fxs->burst].off_ms;
      return tell(fxs, DEVICE_BURST_ENDED, 0);
    case FEED_RING_OFF:
      fxs->burst = (fxs->burst + 1) % fxs->bursts;
      fxs->feed = FEED_RING_ON;
      fxs->feed_ms = fxs->cadence[fxs->burst].on_ms;
      return tell(fxs, DEVICE_BURST_BEGAN, 0);
    case FEED_OPEN:
      fxs->feed = FEED_AFTER_OPEN;
      fxs->feed_ms = 300;
      return tell(fxs, DEVICE_HOOK_COMPLETE, 0);
    case FEED_AFTER_OPEN: fxs->feed = FEED_IDLE; return;
    default: return;
  }
}

/* Short openings of the loop are pulses, longer ones a flash, and 1250 ms is the end; while our own battery is off nothing is seen. */
static void fxs_ms(loop_port_t *fxs, const loop_port_t *fxo) {
  feed_ms(fxs);
  const bool closed = fxs->lifted || fxo->loop == LOOP_CLOSED || fxo->loop == LOOP_MAKE || (fxo->loop == LOOP_FLASH && fxo->loop_ms > fxo->flash_ms);
  if (elapsed(&fxs->pulse_ms)) {
    tell(fxs, DEVICE_PULSE_DIGIT, '0' + fxs->pulse_count % 10);
    fxs->pulse_count = 0;
  }
  if (closed && !fxs->closed && !fxs->told_off_hook) {
    fxs->told_off_hook = true;
    tell(fxs, DEVICE_RING_OR_OFF_HOOK, 0);
  } else if (closed && !fxs->closed && fxs->open_ms > 1250 - 200) {
    fxs->pulse_count++;
    fxs->pulse_ms = 250;
  } else if (closed && !fxs->closed && fxs->open_ms > 0) {
    tell(fxs, DEVICE_FLASH, 0);
  } else if (!closed && fxs->closed && fxs->feed != FEED_OPEN && fxs->feed != FEED_AFTER_OPEN) {
    fxs->open_ms = 1250;
    fxs->pulse_ms = 0;
  }
  if (closed) fxs->open_ms = 0;
  fxs->closed = closed;
  if (!elapsed(&fxs->open_ms)) return;
  fxs->told_off_hook = false;
  fxs->pulse_count = 0;
  tell(fxs, DEVICE_ON_HOOK, 0);
}

/* 20 ms of one direction. */
static void carry(loop_port_t *from, loop_port_t *to, bool joined) {
  uint8_t block[BLOCK_SAMPLES];
  if (!take(&from->to_send, block)) memset(block, silence, sizeof block);
  for (int n = 0; n < BLOCK_SAMPLES; n++) block[n] = from->send_gain[block[n]];
  from->sent = block[0];
  if (!joined) memset(block, silence, sizeof block);
  for (int n = 0; n < BLOCK_SAMPLES; n++) {
    if (from->says != silence) block[n] = from->says;
    block[n] = to->receive_gain[block[n]];
  }
  /* Full: it is lost, as in the kernel. */
  put(&to->received, block);
  wake(to);
}

static void status(void) {
  printf("{\"sent\":[%d,%d,%d,%d],\"loop\":[%d,%d],\"feed\":[%d,%d],\"hardwareMs\":%llu}\n", loop_ports[0].sent, loop_ports[1].sent, loop_ports[2].sent, loop_ports[3].sent, loop_ports[0].loop,
         loop_ports[2].loop, loop_ports[1].feed, loop_ports[3].feed, (unsigned long long)(now_ns / 1000000ULL));
  fflush(stdout);
}

static void pull(void) {
  present = false;
  for (int n = 0; n < PORTS; n++) tell(&loop_ports[n], DEVICE_REMOVED, 0);
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
    for (int n = 0; n < PORTS; n += 2) {
      fxs_ms(&loop_ports[n + 1], &loop_ports[n]);
      fxo_ms(&loop_ports[n], &loop_ports[n + 1]);
    }
  }
  for (int n = 0; n < PORTS; n += 2) {
    loop_port_t *fxo = &loop_ports[n], *fxs = &loop_ports[n + 1];
    const bool joined = fxo->loop == LOOP_CLOSED && fxs->feed != FEED_OPEN;
    carry(fxo, fxs, joined);
    carry(fxs, fxo, joined);
  }
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
