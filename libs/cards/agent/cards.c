#include "cards.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

card_t cards[MOST_CARDS];
port_t ports[MOST_PORTS];

enum { MOST_SPANS = 128 };

void cards_start(void) {
  for (int n = 0; n < MOST_PORTS; n++) ports[n].handle = -1;
}

static bool known(int span) {
  for (int n = 0; n < MOST_CARDS; n++)
    if (cards[n].span == span) return true;
  return false;
}

static port_t *free_port(void) {
  for (int n = 0; n < MOST_PORTS; n++)
    if (ports[n].handle < 0) return &ports[n];
  return NULL;
}

/* The number of ports that could be had. */
static int take_ports(int card) {
  int taken = 0;
  const card_facts_t *facts = &cards[card].facts;
  for (int n = 0; n < facts->channels && n < MOST_PORTS_OF_CARD; n++) {
    port_t *port = free_port();
    if (port == NULL) break;
    if (port_init(port, card, facts->first_channel + n)) taken++;
    else port->handle = -1;
  }
  return taken;
}

int cards_find(void) {
  for (int span = 1; span <= MOST_SPANS; span++) {
    if (known(span)) continue;
    int place = 0;
    while (place < MOST_CARDS && cards[place].span != 0) place++;
    if (place == MOST_CARDS) return -1;
    if (device_card(span, &cards[place].facts) != 0) continue;
    /* Digital spans have no port for us; of those in the hands of another program none can be had, and this is tried again. */
    if (take_ports(place) == 0) continue;
    cards[place].span = span;
    return place;
  }
  return -1;
}

void card_drop(int card) {
  for (int n = 0; n < MOST_PORTS; n++) {
    if (ports[n].handle < 0 || ports[n].card != card) continue;
    device_close(ports[n].handle);
    ports[n].handle = -1;
    ports[n].user = USER_NOBODY;
  }
  cards[card].span = 0;
}

port_t *port_of_channel(int channel) {
  for (int n = 0; n < MOST_PORTS; n++)
    if (ports[n].handle >= 0 && ports[n].facts.channel == channel) return &ports[n];
  return NULL;
}

port_t *port_of_key(const char *key) {
  const char *slash = strrchr(key, '/');
  if (slash == NULL) return NULL;
  const size_t length = (size_t)(slash - key);
  const int number = atoi(slash + 1);
  for (int n = 0; n < MOST_PORTS; n++) {
    const port_t *port = &ports[n];
    if (port->handle < 0 || port->facts.number != number) continue;
    const char *serial = cards[port->card].facts.serial;
    if (strlen(serial) == length && memcmp(serial, key, length) == 0) return &ports[n];
  }
  return NULL;
}

typedef struct {
  char *text;
  int size, length; /* size 0: there was no room */
} draft_t;

__attribute__((format(printf, 2, 3))) static void add(draft_t *draft, const char *format, ...) {
  va_list values;
  va_start(values, format);
  const int more = vsnprintf(draft->text + draft->length, (size_t)(draft->size - draft->length), format, values);
  va_end(values);
  if (more < 0 || draft->length + more >= draft->size) draft->size = draft->length = 0;
  else draft->length += more;
}

/* Text of the hardware, which may hold anything. */
static void add_text(draft_t *draft, const char *name, const char *text) {
  add(draft, "\"%s\":\"", name);
  for (; *text != '\0'; text++)
    if (*text >= ' ' && *text <= '~' && *text != '"' && *text != '\\') add(draft, "%c", *text);
  add(draft, "\",");
}

static void add_port(draft_t *draft, const port_t *port, const char *before) {
  static const struct {
    capability_t can;
    const char *name;
  } names[] = {{CAN_REVERSE_POLARITY, "reversePolarity"}, {CAN_TRANSMIT_ON_HOOK, "transmitOnHook"}, {CAN_LIGHT_LAMP, "lightLamp"},
               {CAN_MEASURE_VOLTS, "measureVolts"}, {CAN_SEE_POLARITY, "seePolarity"}, {CAN_SEE_LAMP, "seeLamp"}};
  add(draft, "%s{\"channel\":%d,\"port\":%d,\"kind\":\"%s\",\"law\":\"%s\",\"can\":[", before, port->facts.channel, port->facts.number, port->facts.kind == KIND_FXO ? "fxo" : "fxs",
      port->facts.law == LAW_ALAW ? "PCMA" : "PCMU");
  const char *comma = "";
  for (size_t n = 0; n < sizeof names / sizeof names[0]; n++) {
    if ((port->facts.can & (uint32_t)names[n].can) == 0) continue;
    add(draft, "%s\"%s\"", comma, names[n].name);
    comma = ",";
  }
  add(draft, "]}");
}

int card_json(int card, char *text, int size) {
  draft_t draft = {text, size, 0};
  const card_facts_t *facts = &cards[card].facts;
  add(&draft, "{");
  add_text(&draft, "serial", facts->serial);
  add_text(&draft, "identity", facts->serial_moves_with_card ? "serial" : "location");
  add_text(&draft, "vendor", facts->vendor);
  add_text(&draft, "model", facts->model);
  add_text(&draft, "slot", facts->slot);
  add(&draft, "\"ports\":[");
  const char *comma = "";
  for (int n = 0; n < MOST_PORTS; n++) {
    if (ports[n].handle < 0 || ports[n].card != card) continue;
    add_port(&draft, &ports[n], comma);
    comma = ",";
  }
  add(&draft, "]}");
  return draft.length;
}
