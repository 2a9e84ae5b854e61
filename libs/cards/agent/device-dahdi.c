/* The hardware as DAHDI shows it. Its open channels are this process's: the kernel hangs them up when the process ends. */
#define _GNU_SOURCE
#include "device.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "dahdi-abi.h"

/* FXO signalling states of the kernel as GET_PARAMS tells them. */
enum { RX_ON_HOOK = 0, RX_OFF_HOOK = 1, RX_RING = 3 };

static int control = -1;
static int buffers = 8;

static int ask(int handle, uint32_t request, void *data) {
  return ioctl(handle, (unsigned long)request, data) == 0 ? 0 : -errno;
}

int device_start(int receive_buffers) {
  buffers = receive_buffers;
  control = open("/dev/dahdi/ctl", O_RDWR | O_CLOEXEC);
  return control >= 0 ? 0 : -errno;
}

uint64_t device_now_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000ULL + (uint64_t)now.tv_nsec;
}

/* One line of a file of the device that the span is of, without its end; empty when there is none. */
static void attribute(int span, const char *name, char *text, size_t size) {
  char path[96];
  text[0] = '\0';
  /* The link leads to the span's own folder, and the folder above it is the device's. */
  snprintf(path, sizeof path, "/sys/bus/dahdi_spans/devices/span-%d/../%s", span, name);
  FILE *file = fopen(path, "re");
  if (file == NULL) return;
  if (fgets(text, (int)size, file) != NULL) text[strcspn(text, "\n")] = '\0';
  fclose(file);
}

static void copy(char *to, size_t size, const char *from, size_t most) {
  snprintf(to, size, "%.*s", (int)strnlen(from, most), from);
}

/* A serial is part of a path (serial/port) and is printed. */
static void plain(char *text) {
  for (; *text != '\0'; text++)
    if (*text == '/' || *text == '"' || *text == '\\' || *text <= ' ' || *text > '~') *text = '-';
}

/* How many spans of the same device come before this one; it is part of the serial of those that are not the first. */
static int place_in_device(int span, const char *serial) {
  char other[48];
  int before = 0;
  for (int n = 1; n < span; n++) {
    attribute(n, "hardware_id", other, sizeof other);
    if (other[0] == '\0') attribute(n, "location", other, sizeof other);
    if (strcmp(other, serial) == 0) before++;
  }
  return before;
}

int device_card(int span, card_facts_t *card) {
  struct dahdi_spaninfo info;
  memset(&info, 0, sizeof info);
  memset(card, 0, sizeof *card);
  info.spanno = span;
  const int refused = ask(control, DAHDI_SPANSTAT, &info);
  if (refused != 0) return refused == -EINVAL ? -ENODEV : refused;
  char serial[48];
  attribute(span, "hardware_id", serial, sizeof serial);
  card->serial_moves_with_card = serial[0] != '\0' && strncmp(serial, "DYN/", 4) != 0;
  if (serial[0] == '\0') attribute(span, "location", serial, sizeof serial);
  if (serial[0] == '\0') copy(serial, sizeof serial, info.name, sizeof info.name);
  const int place = place_in_device(span, serial);
  if (place == 0) copy(card->serial, sizeof card->serial, serial, sizeof serial);
  else snprintf(card->serial, sizeof card->serial, "%s.%d", serial, place + 1);
  plain(card->serial);
  copy(card->vendor, sizeof card->vendor, info.manufacturer, sizeof info.manufacturer);
  copy(card->model, sizeof card->model, info.devicetype[0] != '\0' ? info.devicetype : info.desc, sizeof info.devicetype);
  copy(card->slot, sizeof card->slot, info.location, sizeof info.location);
  card->channels = info.totalchans;
  /* Channels of a span follow each other; the first is found by looking. */
  for (int channel = 1; channel < 1024; channel++) {
    struct dahdi_params params;
    memset(&params, 0, sizeof params);
    params.channo = channel;
    if (ask(control, DAHDI_GET_PARAMS, &params) == 0 && params.spanno == span) {
      card->first_channel = channel - params.chanpos + 1;
      break;
    }
  }
  return card->first_channel > 0 ? 0 : -ENODEV;
}

/* What a channel is signalled as; one that nobody has configured and that can be one kind only is made that kind. */
static int signalling(int channel, struct dahdi_params *params) {
  memset(params, 0, sizeof *params);
  params->channo = channel;
  const int refused = ask(control, DAHDI_GET_PARAMS, params);
  if (refused != 0) return refused;
  if (params->sigtype == DAHDI_SIG_FXSKS || params->sigtype == DAHDI_SIG_FXOKS) return 0;
  const bool fxo = (params->sigcap & DAHDI_SIG_FXSKS) == DAHDI_SIG_FXSKS, fxs = (params->sigcap & DAHDI_SIG_FXOKS) == DAHDI_SIG_FXOKS;
  if (params->sigtype != 0 || fxo == fxs) return -ENOTSUP;
  struct dahdi_chanconfig config;
  memset(&config, 0, sizeof config);
  config.chan = config.master = channel;
  config.sigtype = fxo ? DAHDI_SIG_FXSKS : DAHDI_SIG_FXOKS;
  const int wrong = ask(control, DAHDI_CHANCONFIG, &config);
  if (wrong != 0) return wrong;
  int32_t span = params->spanno;
  ask(control, DAHDI_STARTUP, &span); /* A span that runs already says so. */
  params->sigtype = config.sigtype;
  return 0;
}

/* ENOTTY is the answer of a driver that never heard of it, EINVAL of one whose module is of the other kind. */
static bool knows(int answer) {
  return answer != -ENOTTY && answer != -EINVAL && answer != -ENOSYS;
}

static bool neon_monitored(void) {
  FILE *file = fopen("/sys/module/wctdm24xxp/parameters/neonmwi_monitor", "re");
  if (file == NULL) return false;
  const int first = fgetc(file);
  fclose(file);
  return first == '1' || first == 'Y';
}

static uint32_t probe(int handle, port_kind_t kind) {
  /* Of a transmission of 0 ms no end would come. */
  int32_t zero = 0, least = 1;
  struct wctdm_stats stats;
  struct dahdi_vmwi_info dark = {0};
  uint32_t can = 0;
  if (knows(ask(handle, WCTDM_GET_STATS, &stats))) can |= CAN_MEASURE_VOLTS;
  if (kind == KIND_FXO) {
    /* The same chips that measure tell reversals. */
    if ((can & CAN_MEASURE_VOLTS) != 0) can |= CAN_SEE_POLARITY;
    if (neon_monitored()) can |= CAN_SEE_LAMP;
    return can;
  }
  if (knows(ask(handle, DAHDI_SETPOLARITY, &zero))) can |= CAN_REVERSE_POLARITY;
  if (knows(ask(handle, DAHDI_ONHOOKTRANSFER, &least))) can |= CAN_TRANSMIT_ON_HOOK;
  if (knows(ask(handle, DAHDI_VMWI_CONFIG, &dark))) can |= CAN_LIGHT_LAMP;
  return can;
}

int device_open(int channel, port_facts_t *facts) {
  struct dahdi_params params;
  const int wrong = signalling(channel, &params);
  if (wrong != 0) return wrong;
  const int handle = open("/dev/dahdi/channel", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  if (handle < 0) return -errno;
  int32_t number = channel;
  struct dahdi_bufferinfo buffer = {DAHDI_POLICY_IMMEDIATE, DAHDI_POLICY_IMMEDIATE, buffers, BLOCK_SAMPLES, 0, 0};
  int refused = ask(handle, DAHDI_SPECIFY, &number);
  if (refused == 0) refused = ask(handle, DAHDI_SET_BUFINFO, &buffer);
  /* A channel has its law from its being opened on. */
  if (refused == 0) refused = ask(handle, DAHDI_GET_PARAMS, &params);
  if (refused != 0) {
    close(handle);
    return refused;
  }
  facts->channel = channel;
  facts->number = params.chanpos;
  facts->kind = params.sigtype == DAHDI_SIG_FXSKS ? KIND_FXO : KIND_FXS;
  facts->law = params.curlaw == DAHDI_LAW_ALAW ? LAW_ALAW : LAW_MULAW;
  facts->can = probe(handle, facts->kind);
  return handle;
}

void device_close(int handle) {
  close(handle);
}

short device_interest(bool audio) {
  return (short)(audio ? POLLPRI | POLLIN : POLLPRI);
}

int device_event(int handle, device_event_t *event) {
  int32_t code = DAHDI_EVENT_NONE;
  const int refused = ask(handle, DAHDI_GETEVENT, &code);
  if (refused != 0 || code == DAHDI_EVENT_NONE) return refused;
  event->value = 0;
  event->kind = DEVICE_OTHER;
  if ((code & DAHDI_EVENT_PULSEDIGIT) != 0) {
    event->kind = DEVICE_PULSE_DIGIT;
    event->value = code & 0xFF;
    return 1;
  }
  switch (code) {
    case DAHDI_EVENT_RINGBEGIN: event->kind = DEVICE_RING_BEGAN; break;
    case DAHDI_EVENT_RINGOFFHOOK: event->kind = DEVICE_RING_OR_OFF_HOOK; break;
    case DAHDI_EVENT_ONHOOK: event->kind = DEVICE_ON_HOOK; break;
    case DAHDI_EVENT_WINKFLASH: event->kind = DEVICE_FLASH; break;
    case DAHDI_EVENT_RINGERON: event->kind = DEVICE_BURST_BEGAN; break;
    case DAHDI_EVENT_RINGEROFF: event->kind = DEVICE_BURST_ENDED; break;
    case DAHDI_EVENT_HOOKCOMPLETE: event->kind = DEVICE_HOOK_COMPLETE; break;
    case DAHDI_EVENT_DIALCOMPLETE: event->kind = DEVICE_DIAL_COMPLETE; break;
    case DAHDI_EVENT_POLARITY: event->kind = DEVICE_POLARITY; break;
    case DAHDI_EVENT_NEONMWI_ACTIVE: event->kind = DEVICE_LAMP_ON; break;
    case DAHDI_EVENT_NEONMWI_INACTIVE: event->kind = DEVICE_LAMP_OFF; break;
    case DAHDI_EVENT_REMOVED: event->kind = DEVICE_REMOVED; break;
    default: break;
  }
  return 1;
}

/* The kernel's errno 500 (ELAST) says that an event waits. */
enum { EVENT_WAITS = 500 };

int device_read(int handle, uint8_t block[BLOCK_SAMPLES]) {
  const ssize_t got = read(handle, block, BLOCK_SAMPLES);
  if (got == BLOCK_SAMPLES) return 1;
  if (got >= 0 || errno == EAGAIN) return 0;
  return errno == EVENT_WAITS ? -EAGAIN : -errno;
}

int device_write(int handle, const uint8_t block[BLOCK_SAMPLES]) {
  if (write(handle, block, BLOCK_SAMPLES) == BLOCK_SAMPLES) return 0;
  return errno == EVENT_WAITS ? -EAGAIN : -ENOSPC;
}

void device_flush(int handle) {
  int32_t both = DAHDI_FLUSH_BOTH;
  ask(handle, DAHDI_FLUSH, &both);
}

int device_state(int handle, port_kind_t kind, device_state_t *state) {
  struct dahdi_params params;
  memset(&params, 0, sizeof params);
  const int refused = ask(handle, DAHDI_GET_PARAMS, &params);
  if (refused != 0) return refused;
  const bool alarm = (params.chan_alarms & DAHDI_ALARM_RED) != 0;
  state->battery = kind == KIND_FXO && params.rxhooksig != RX_ON_HOOK && !alarm;
  state->ringing = kind == KIND_FXO && params.rxhooksig == RX_RING;
  state->off_hook = kind == KIND_FXS && params.rxhooksig == RX_OFF_HOOK;
  return 0;
}

/* Ringing and dialling want a tone zone, whatever is in it: where the system has none, an empty one. It brings a cadence of its own. */
static void load_zone(int handle) {
  struct dahdi_tone_def_header zone;
  memset(&zone, 0, sizeof zone);
  zone.ringcadence[0] = 2000;
  zone.ringcadence[1] = 4000;
  memcpy(zone.name, "tipring", sizeof "tipring");
  int32_t number = 0;
  ask(control, DAHDI_LOADZONE, &zone);
  ask(handle, DAHDI_SETTONEZONE, &number);
}

static int order_hook(int handle, int32_t value) {
  const int answer = ask(handle, DAHDI_HOOK, &value);
  /* A handle that does not wait is told that it is being done. */
  return answer == -EINPROGRESS ? 0 : answer;
}

int device_hook(int handle, device_hook_t hook) {
  static const int32_t values[] = {[HOOK_ON] = DAHDI_ONHOOK, [HOOK_OFF] = DAHDI_OFFHOOK, [HOOK_FLASH] = DAHDI_FLASH, [HOOK_RING_OFF] = DAHDI_RINGOFF};
  return order_hook(handle, values[hook]);
}

static int change_params(int handle, int flash_ms, int break_ms, int make_ms, int after_ms) {
  struct dahdi_params params;
  memset(&params, 0, sizeof params);
  const int refused = ask(handle, DAHDI_GET_PARAMS, &params);
  if (refused != 0) return refused;
  if (flash_ms > 0) params.flashtime = flash_ms;
  if (break_ms > 0) {
    params.pulsebreaktime = break_ms;
    params.pulsemaketime = make_ms;
    params.pulseaftertime = after_ms;
  }
  return ask(handle, DAHDI_SET_PARAMS, &params);
}

int device_flash_ms(int handle, int ms) {
  return change_params(handle, ms, 0, 0, 0);
}

int device_ring(int handle, const burst_t *bursts, int count) {
  struct dahdi_ring_cadence cadence;
  memset(&cadence, 0, sizeof cadence);
  for (int n = 0; n < count && n < MOST_BURSTS; n++) {
    cadence.ringcadence[2 * n] = bursts[n].on_ms;
    cadence.ringcadence[2 * n + 1] = bursts[n].off_ms;
  }
  int answer = -ENODATA;
  for (int attempt = 0; attempt < 2 && answer == -ENODATA; attempt++) {
    if (attempt > 0) load_zone(handle);
    answer = ask(handle, DAHDI_SETCADENCE, &cadence);
    if (answer == 0) answer = order_hook(handle, DAHDI_RING);
  }
  return answer;
}

int device_pulses(int handle, const char *digits, int break_ms, int make_ms, int inter_digit_ms) {
  const int refused = change_params(handle, 0, break_ms, make_ms, inter_digit_ms);
  if (refused != 0) return refused;
  struct dahdi_dialoperation dial;
  memset(&dial, 0, sizeof dial);
  dial.op = DAHDI_DIAL_OP_REPLACE;
  snprintf(dial.dialstr, sizeof dial.dialstr, "P%s", digits);
  const int answer = ask(handle, DAHDI_DIAL, &dial);
  if (answer != -ENODATA) return answer;
  load_zone(handle);
  return ask(handle, DAHDI_DIAL, &dial);
}

int device_polarity(int handle, bool reversed) {
  int32_t value = reversed ? 1 : 0;
  return ask(handle, DAHDI_SETPOLARITY, &value);
}

/* A port that is made ready for the lamp reverses its line for it: so it is while the lamp is lit, and not longer. */
int device_lamp(int handle, bool on) {
  int32_t messages = on ? 1 : 0;
  struct dahdi_vmwi_info lamp = {on ? DAHDI_VMWI_HVAC : 0};
  const int refused = ask(handle, on ? DAHDI_VMWI_CONFIG : DAHDI_VMWI, on ? (void *)&lamp : (void *)&messages);
  return refused != 0 ? refused : ask(handle, on ? DAHDI_VMWI : DAHDI_VMWI_CONFIG, on ? (void *)&messages : (void *)&lamp);
}

int device_transmit_on_hook(int handle, int ms) {
  int32_t value = ms;
  return ask(handle, DAHDI_ONHOOKTRANSFER, &value);
}

int device_gains(int handle, const gains_t *wanted) {
  struct dahdi_gains tables;
  memset(&tables, 0, sizeof tables);
  uint8_t *const octets[] = {tables.rxgain, tables.txgain};
  for (int way = GAIN_RECEIVE; way <= GAIN_SEND; way++) {
    struct dahdi_hwgain gain = {wanted->tenths[way], way == GAIN_SEND ? 1 : 0};
    const bool done = ask(handle, DAHDI_SET_HWGAIN, &gain) == 0;
    for (int octet = 0; octet < 256; octet++) octets[way][octet] = done ? (uint8_t)octet : wanted->octets[way][octet];
  }
  return ask(handle, DAHDI_SETGAINS, &tables);
}

int device_millivolts(int handle, port_kind_t kind, int *millivolts, bool *reversed) {
  struct wctdm_stats stats;
  const int refused = ask(handle, WCTDM_GET_STATS, &stats);
  if (refused != 0) return refused;
  /* An FXO module tells the line's voltage three times; an FXS module each wire's, ground being 0. */
  const int between = kind == KIND_FXO ? stats.tipvolt : stats.tipvolt - stats.ringvolt;
  *millivolts = abs(between);
  *reversed = between < 0;
  return 0;
}

int device_wait_ms(audio_t audio, int most) {
  (void)audio;
  return most;
}
