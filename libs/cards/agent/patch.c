#include "patch.h"

#include <stdio.h>
#include <string.h>

#include "g711.h"

bool patch_parse(patch_t *patch, const char *text) {
  const char *between = strchr(text, '=');
  if (between == NULL) return false;
  const size_t station = (size_t)(between - text), line = strlen(between + 1);
  memset(patch, 0, sizeof *patch);
  if (station == 0 || station >= sizeof patch->station_key || line == 0 || line >= sizeof patch->line_key) return false;
  memcpy(patch->station_key, text, station);
  memcpy(patch->line_key, between + 1, line);
  return strchr(patch->station_key, '/') != NULL && strchr(patch->line_key, '/') != NULL;
}

static void obey(port_t *port, command_kind_t kind, int value) {
  command_t command;
  memset(&command, 0, sizeof command);
  command.kind = kind;
  command.value = value;
  port_command(port, &command);
}

static void ring_station(port_t *station) {
  command_t ring;
  memset(&ring, 0, sizeof ring);
  ring.kind = COMMAND_RING;
  ring.bursts = 1;
  ring.cadence[0].on_ms = 2000;
  ring.cadence[0].off_ms = 4000;
  port_command(station, &ring);
}

static void pulses(port_t *line, int digit) {
  command_t command;
  memset(&command, 0, sizeof command);
  command.kind = COMMAND_PULSES;
  command.digits[0] = (char)digit;
  command.break_ms = 60;
  command.make_ms = 40;
  command.inter_digit_ms = 700;
  port_command(line, &command);
}

static void begin(patch_t *patch, patch_told_t told) {
  patch->at = PATCH_TALKING;
  port_open(patch->station, USER_PATCH);
  port_open(patch->line, USER_PATCH);
  obey(patch->line, COMMAND_OFF_HOOK, 0);
  told(patch);
}

void patch_end(patch_t *patch, patch_told_t told) {
  const patch_at_t was = patch->at;
  patch->at = PATCH_IDLE;
  if (was == PATCH_IDLE) return;
  if (patch->station != NULL && patch->station->user != USER_CLIENT) port_close(patch->station);
  if (patch->line != NULL && patch->line->user != USER_CLIENT) port_close(patch->line);
  if (was == PATCH_TALKING) told(patch);
}

void patch_event(patch_t *patch, port_t *port, event_t event, int value, patch_told_t told) {
  if (patch->at != PATCH_TALKING) return;
  if (port == patch->station && event == EVENT_HOOK && value == 0) return patch_end(patch, told);
  if (port == patch->station && event == EVENT_HOOK_FLASH) return obey(patch->line, COMMAND_FLASH, 0);
  if (port == patch->station && event == EVENT_PULSE_DIGIT) return pulses(patch->line, value);
  /* What the exchange says by taking its battery away, the telephone is told the same way. */
  if (port == patch->line && event == EVENT_BATTERY && value == 0) obey(patch->station, COMMAND_OPEN_LOOP, 500);
}

void patch_block(patch_t *patch, port_t *port, const uint8_t block[BLOCK_SAMPLES]) {
  if (patch->at != PATCH_TALKING) return;
  port_t *other = port == patch->station ? patch->line : patch->station;
  if (other->through_count == PATCH_BLOCKS) {
    /* The other card's clock is slower: the oldest block goes. */
    other->through_count--;
    memmove(other->through[0], other->through[1], (size_t)other->through_count * BLOCK_SAMPLES);
  }
  g711_convert(other->through[other->through_count++], block, BLOCK_SAMPLES, port->facts.law, other->facts.law);
}

/* A line that has not rung for so long has stopped: longer than any pause between rings. */
static const uint64_t silent_ns = 7000000000ULL;

void patch_beat(patch_t *patch, uint64_t now_ns, bool alone, patch_told_t told) {
  if (patch->station == NULL || patch->line == NULL || patch->at == PATCH_TALKING) return;
  if (!alone) return patch_end(patch, told);
  if (patch->station->off_hook) return begin(patch, told);
  if (patch->line->ring_began_ns != 0) {
    if (patch->at == PATCH_IDLE) ring_station(patch->station);
    patch->at = PATCH_RINGING;
    patch->until_ns = now_ns + silent_ns;
  } else if (patch->at == PATCH_RINGING && now_ns >= patch->until_ns) {
    patch_end(patch, told);
  }
}
