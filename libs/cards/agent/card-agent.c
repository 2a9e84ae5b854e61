/*
 * card-agent: owns the analog cards of this host for one client, and for an emergency while there is none. See README.md.
 *
 *   card-agent --socket PATH [--lead BLOCKS] [--buffers COUNT] [--emergency STATION=LINE]...
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "cards.h"
#include "client.h"
#include "patch.h"

static struct {
  const char *socket;
  int lead, buffers;
} settings = {NULL, 1, 8};

/* A client that has not said which version it speaks is asked for nothing else. */
static bool greeted;
static patch_t patches[MOST_PATCHES];
static int patch_count;
/* Since when there is no client; when it was last heard, in seconds of this machine: a program is silent by another clock than a card's. */
static uint64_t alone_since_ns;
/* When cards are looked for next. */
static uint64_t search_at_ns;
static time_t heard_s;
static volatile sig_atomic_t ending;

enum { SILENCE_S = 5 };
static const uint64_t grace_ns = 1000000000ULL, search_ns = 1000000000ULL, going_ns = 2000000000ULL;

static time_t machine_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

/* ---- to the client */

static void tell_patch(const patch_t *patch) {
  fields_t fields = {{0}, 0};
  put_u8(&fields, patch->at == PATCH_TALKING ? 1 : 0);
  put_u16(&fields, (uint16_t)(patch->station == NULL ? 0 : patch->station->facts.channel));
  put_u16(&fields, (uint16_t)(patch->line == NULL ? 0 : patch->line->facts.channel));
  say(SAY_PATCH, 0, fields.bytes, fields.length);
  fprintf(stderr, "Emergency patch %s to %s %s.\n", patch->station_key, patch->line_key, patch->at == PATCH_TALKING ? "begun" : "ended");
}

static void tell_event(port_t *port, event_t event, int value, int other) {
  if (port->user != USER_CLIENT) {
    for (int n = 0; n < patch_count; n++) patch_event(&patches[n], port, event, value, tell_patch);
    return;
  }
  fields_t fields = {{0}, 0};
  put_u64(&fields, device_now_ns());
  put_u32(&fields, ++port->events);
  put_u16(&fields, (uint16_t)event);
  put_u32(&fields, (uint32_t)value);
  put_u32(&fields, (uint32_t)other);
  say(SAY_EVENT, port->facts.channel, fields.bytes, fields.length);
}

static void tell_block(port_t *port, const uint8_t block[BLOCK_SAMPLES]) {
  if (port->user == USER_PATCH) {
    for (int n = 0; n < patch_count; n++)
      if (patches[n].station == port || patches[n].line == port) patch_block(&patches[n], port, block);
    return;
  }
  fields_t fields = {{0}, 0};
  put_u64(&fields, device_now_ns());
  put_u32(&fields, port->received);
  memcpy(fields.bytes + fields.length, block, BLOCK_SAMPLES);
  say(SAY_BLOCK, port->facts.channel, fields.bytes, fields.length + BLOCK_SAMPLES);
}

static void tell_card(int card) {
  static char text[16384];
  const int length = card_json(card, text, sizeof text);
  if (length > 0) say(SAY_CARD, 0, text, (uint32_t)length);
}

static void answer(int channel, uint32_t id, answer_t what) {
  fields_t fields = {{0}, 0};
  put_u32(&fields, id);
  put_u8(&fields, (uint8_t)what);
  say(SAY_ANSWER, channel, fields.bytes, fields.length);
}

/* ---- from the client */

static void hello(const uint8_t *payload, uint32_t length) {
  static const char text[] = "This agent speaks version 1.";
  if (length < 4 || take_u32(payload) != PROTOCOL_VERSION) {
    say(SAY_REFUSED, 0, text, sizeof text - 1);
    client_write();
    return client_drop();
  }
  greeted = true;
  fields_t fields = {{0}, 0};
  put_u32(&fields, PROTOCOL_VERSION);
  put_u16(&fields, (uint16_t)((settings.lead + PLAYED_AHEAD) * 20));
  put_u64(&fields, device_now_ns());
  say(SAY_HELLO, 0, fields.bytes, fields.length);
  for (int n = 0; n < MOST_CARDS; n++)
    if (cards[n].span != 0) tell_card(n);
  for (int n = 0; n < patch_count; n++)
    if (patches[n].at == PATCH_TALKING) tell_patch(&patches[n]);
  say(SAY_READY, 0, NULL, 0);
}

/* The answer comes before the first event, so that the client knows which of its openings events belong to. */
static void open_for_client(port_t *port, uint32_t id) {
  for (int n = 0; n < patch_count; n++)
    if (patches[n].station == port || patches[n].line == port) patch_end(&patches[n], tell_patch);
  const answer_t opened = port_open(port, USER_CLIENT);
  answer(port->facts.channel, id, opened);
  if (opened == ANSWER_DONE) port_describe(port);
}

/* False: it is shorter than what it says it is. */
static bool read_command(command_t *command, const uint8_t *bytes, uint32_t length) {
  memset(command, 0, sizeof *command);
  if (length < 1) return false;
  command->kind = (command_kind_t)bytes[0];
  bytes++;
  length--;
  switch (command->kind) {
    case COMMAND_FLASH:
    case COMMAND_POLARITY:
    case COMMAND_OPEN_LOOP:
    case COMMAND_LAMP:
    case COMMAND_TRANSMIT:
      if (length < 2) return false;
      command->value = take_u16(bytes);
      return true;
    case COMMAND_PULSES:
      if (length < 7 || length - 6 > MOST_DIGITS) return false;
      command->break_ms = take_u16(bytes);
      command->make_ms = take_u16(bytes + 2);
      command->inter_digit_ms = take_u16(bytes + 4);
      for (uint32_t n = 6; n < length; n++) {
        if (bytes[n] < '0' || bytes[n] > '9') return false;
        command->digits[n - 6] = (char)bytes[n];
      }
      return command->break_ms > 0 && command->make_ms > 0;
    case COMMAND_RING:
      if (length < 3 || bytes[0] < 1 || bytes[0] > MOST_BURSTS || length < 3 + 4 * (uint32_t)bytes[0]) return false;
      command->bursts = bytes[0];
      command->caller_id_after = take_u16(bytes + 1);
      for (int n = 0; n < command->bursts; n++) {
        command->cadence[n].on_ms = take_u16(bytes + 3 + 4 * n);
        command->cadence[n].off_ms = take_u16(bytes + 5 + 4 * n);
        if (command->cadence[n].on_ms == 0 || command->cadence[n].off_ms == 0) return false;
      }
      return true;
    default: return true;
  }
}

enum { GAINS_OCTETS = 2 + 2 + 256 + 256 };

static answer_t set_gains(port_t *port, const uint8_t *payload) {
  const gains_t gains = {{(int16_t)take_u16(payload), (int16_t)take_u16(payload + 2)}, {payload + 4, payload + 4 + 256}};
  return port_gains(port, &gains);
}

static void measure(port_t *port, uint32_t id) {
  reading_t reading = {false, false, false, false, 0};
  port_measure(port, &reading);
  fields_t fields = {{0}, 0};
  put_u32(&fields, id);
  put_u64(&fields, device_now_ns());
  put_u8(&fields, reading.off_hook ? 1 : 0);
  put_u8(&fields, reading.battery ? 1 : 0);
  put_u8(&fields, reading.measured ? 1 : 0);
  put_u8(&fields, reading.reversed ? 1 : 0);
  put_u32(&fields, (uint32_t)reading.millivolts);
  say(SAY_READING, port->facts.channel, fields.bytes, fields.length);
}

static void handle(ask_t type, int channel, const uint8_t *payload, uint32_t length) {
  heard_s = machine_seconds();
  if (type == ASK_HELLO || !greeted) return hello(payload, type == ASK_HELLO ? length : 0);
  if (type == ASK_PING) {
    fields_t fields = {{0}, 0};
    put_u64(&fields, device_now_ns());
    return say(SAY_PONG, 0, fields.bytes, fields.length);
  }
  if (length < 4) return;
  /* Of a block: its number. Of everything else: the number of the question. */
  const uint32_t id = take_u32(payload);
  port_t *port = port_of_channel(channel);
  if (type == ASK_BLOCK) {
    if (port != NULL && port->user == USER_CLIENT && length == 4 + BLOCK_SAMPLES) port_answer(port, id, payload + 4);
    return;
  }
  if (port == NULL) return answer(channel, id, ANSWER_ABSENT);
  command_t command;
  switch (type) {
    case ASK_OPEN: return open_for_client(port, id);
    case ASK_CLOSE:
      if (port->user == USER_CLIENT) port_close(port);
      return;
    case ASK_COMMAND:
      if (port->user != USER_CLIENT) return answer(channel, id, ANSWER_CLOSED);
      return answer(channel, id, read_command(&command, payload + 4, length - 4) ? port_command(port, &command) : ANSWER_BAD_COMMAND);
    case ASK_GAINS: return answer(channel, id, length == 4 + GAINS_OCTETS ? set_gains(port, payload + 4) : ANSWER_BAD_COMMAND);
    case ASK_MEASURE: return measure(port, id);
    default: return answer(channel, id, ANSWER_UNSUPPORTED);
  }
}

/* ---- its life */

static void client_gone(const char *why) {
  client_drop();
  fprintf(stderr, "The client is gone (%s): its lines go on hook.\n", why);
  for (int n = 0; n < MOST_PORTS; n++)
    if (ports[n].handle >= 0 && ports[n].user == USER_CLIENT) port_close(&ports[n]);
  alone_since_ns = device_now_ns();
}

static void find_patch_ports(void) {
  for (int n = 0; n < patch_count; n++) {
    patch_t *patch = &patches[n];
    patch->station = port_of_key(patch->station_key);
    patch->line = port_of_key(patch->line_key);
    if (patch->station != NULL && patch->station->facts.kind != KIND_FXS) patch->station = NULL;
    if (patch->line != NULL && patch->line->facts.kind != KIND_FXO) patch->line = NULL;
  }
}

static void search(void) {
  int found;
  while ((found = cards_find()) >= 0) {
    fprintf(stderr, "Card %s: %s.\n", cards[found].facts.serial, cards[found].facts.model);
    tell_card(found);
    find_patch_ports();
  }
}

static void card_gone(int card) {
  fprintf(stderr, "Card %s is gone.\n", cards[card].facts.serial);
  for (int n = 0; n < patch_count; n++) {
    const bool of_card = (patches[n].station != NULL && patches[n].station->card == card) || (patches[n].line != NULL && patches[n].line->card == card);
    if (of_card) patch_end(&patches[n], tell_patch);
  }
  say(SAY_GONE, 0, cards[card].facts.serial, (uint32_t)strlen(cards[card].facts.serial));
  card_drop(card);
  find_patch_ports();
  /* It is told before it has quite gone, and could be had once more. */
  search_at_ns = device_now_ns() + going_ns;
}

static void beat(uint64_t now) {
  for (int n = 0; n < MOST_PORTS; n++)
    if (ports[n].handle >= 0) port_beat(&ports[n], now);
  const bool alone = !client_there() && now - alone_since_ns >= grace_ns;
  for (int n = 0; n < patch_count; n++) patch_beat(&patches[n], now, alone, tell_patch);
  if (client_there() && machine_seconds() - heard_s > SILENCE_S) client_gone("it is silent");
}

static audio_t audio_now(void) {
  audio_t audio = AUDIO_NOBODYS;
  for (int n = 0; n < MOST_PORTS; n++) {
    if (ports[n].handle < 0 || ports[n].user != USER_CLIENT) continue;
    if (port_owes(&ports[n])) return AUDIO_OWED;
    audio = AUDIO_ANSWERED;
  }
  return audio;
}

/* Descriptors in this order. */
enum { AT_LISTENER, AT_CLIENT, AT_PORTS };

static int gather(struct pollfd *polled, int *whose, int listener) {
  polled[AT_LISTENER] = (struct pollfd){listener, POLLIN, 0};
  polled[AT_CLIENT] = (struct pollfd){client_handle(), client_interest(), 0};
  int count = AT_PORTS;
  for (int n = 0; n < MOST_PORTS; n++) {
    if (ports[n].handle < 0) continue;
    whose[count] = n;
    polled[count++] = (struct pollfd){ports[n].handle, device_interest(ports[n].user != USER_NOBODY), 0};
  }
  return count;
}

static void serve(const struct pollfd *polled, const int *whose, int count, int listener) {
  for (int n = AT_PORTS; n < count; n++) {
    port_t *port = &ports[whose[n]];
    if (polled[n].revents == 0 || port->handle < 0) continue;
    const bool dead = (polled[n].revents & (POLLERR | POLLHUP | POLLNVAL)) != 0;
    if (dead || !port_serve(port)) card_gone(port->card);
  }
  if (polled[AT_CLIENT].revents != 0 && client_there() && !client_read(handle)) client_gone("it has hung up");
  if (polled[AT_LISTENER].revents != 0 && client_accept(listener)) {
    greeted = false;
    heard_s = machine_seconds();
  }
  if (client_there() && !client_write()) client_gone("it does not read");
}

static void run(int listener) {
  uint64_t next_beat = 0;
  static struct pollfd polled[AT_PORTS + MOST_PORTS];
  static int whose[AT_PORTS + MOST_PORTS];
  while (!ending) {
    const int count = gather(polled, whose, listener);
    const uint64_t before = device_now_ns();
    const int most = next_beat > before ? (int)((next_beat - before) / 1000000ULL) + 1 : 0;
    if (poll(polled, (nfds_t)count, device_wait_ms(audio_now(), most)) > 0) serve(polled, whose, count, listener);
    const uint64_t now = device_now_ns();
    if (now >= search_at_ns) {
      search_at_ns = now + search_ns;
      search();
    }
    if (now >= next_beat) {
      beat(now);
      next_beat = now + BLOCK_NS;
      if (client_there() && !client_write()) client_gone("it does not read");
    }
  }
}

/* ---- the start */

static int number(const char *text, int least, int most) {
  char *end;
  const long value = strtol(text, &end, 10);
  return *text == '\0' || *end != '\0' || value < least || value > most ? -1 : (int)value;
}

static bool read_settings(int count, char **arguments) {
  for (int n = 1; n + 1 < count; n += 2) {
    const char *name = arguments[n], *value = arguments[n + 1];
    if (strcmp(name, "--socket") == 0) settings.socket = value;
    else if (strcmp(name, "--lead") == 0) settings.lead = number(value, 1, 25);
    else if (strcmp(name, "--buffers") == 0) settings.buffers = number(value, 4, 32);
    else if (strcmp(name, "--emergency") == 0 && patch_count < MOST_PATCHES && patch_parse(&patches[patch_count], value)) patch_count++;
    else return false;
  }
  return count % 2 == 1 && settings.socket != NULL && settings.lead > 0 && settings.buffers > 0;
}

static void on_signal(int signal) {
  (void)signal;
  ending = 1;
}

int main(int count, char **arguments) {
  if (!read_settings(count, arguments)) {
    fprintf(stderr, "usage: card-agent --socket PATH [--lead BLOCKS 1-25] [--buffers COUNT 4-32] [--emergency SERIAL/PORT=SERIAL/PORT]...\n");
    return 2;
  }
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_handler = on_signal;
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGINT, &action, NULL);
  /* Neither a client nor a log that is gone ends it. */
  action.sa_handler = SIG_IGN;
  sigaction(SIGPIPE, &action, NULL);

  const port_world_t world = {settings.lead, settings.buffers, tell_event, tell_block};
  port_start(&world);
  cards_start();
  const int wrong = device_start(settings.buffers);
  if (wrong != 0) {
    fprintf(stderr, "The cards cannot be had: %s.\n", strerror(-wrong));
    return 1;
  }
  const int listener = client_listen(settings.socket);
  if (listener < 0) {
    fprintf(stderr, "%s: %s.\n", settings.socket, listener == -EADDRINUSE ? "another agent is there" : strerror(-listener));
    return 1;
  }
  /* Where it is allowed: neither swapped out nor kept waiting. */
  const struct sched_param priority = {.sched_priority = 10};
  if (mlockall(MCL_CURRENT | MCL_FUTURE) != 0 || sched_setscheduler(0, SCHED_RR, &priority) != 0) fprintf(stderr, "Without real-time priority (LimitRTPRIO, LimitMEMLOCK).\n");
  alone_since_ns = device_now_ns();
  run(listener);
  for (int n = 0; n < MOST_PORTS; n++)
    if (ports[n].handle >= 0) port_close(&ports[n]);
  unlink(settings.socket);
  return 0;
}
