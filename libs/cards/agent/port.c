#include "port-parts.h"

#include <errno.h>
#include <string.h>

port_world_t port_world;

static void tell(port_t *port, event_t event, int value, int other) {
  port_world.event(port, event, value, other);
}

void port_start(const port_world_t *with) {
  port_world = *with;
}

uint8_t port_silence(const port_t *port) {
  return port->facts.law == LAW_ALAW ? 0xD5 : 0xFF;
}

bool port_init(port_t *port, int card, int channel) {
  memset(port, 0, sizeof *port);
  port->handle = device_open(channel, &port->facts);
  if (port->handle < 0) return false;
  port->card = card;
  device_hook(port->handle, port->facts.kind == KIND_FXO ? HOOK_ON : HOOK_RING_OFF);
  return true;
}

static void start_audio(port_t *port) {
  device_flush(port->handle);
  port->received = 0;
  port->received_at_ns = 0;
  port->queued = 0;
  port->lost_received = port->lost_sent = 0;
  port->through_count = 0;
  memset(port->answer_for, 0, sizeof port->answer_for);
}

static void tell_polarity(port_t *port, bool reversed) {
  const polarity_t polarity = reversed ? POLARITY_REVERSED : POLARITY_NORMAL;
  if ((port->facts.can & CAN_SEE_POLARITY) == 0 || polarity == port->polarity) return;
  port->polarity = polarity;
  tell(port, EVENT_POLARITY, reversed ? 1 : 0, 0);
}

answer_t port_open(port_t *port, port_user_t user) {
  if (port->user == USER_CLIENT) return ANSWER_BUSY;
  port->user = user;
  port->events = 0;
  start_audio(port);
  device_state_t state = {false, false, false};
  const int refused = device_state(port->handle, port->facts.kind, &state);
  port->battery = state.battery;
  return refused == 0 ? ANSWER_DONE : ANSWER_HARDWARE;
}

/* Its voltage; and its polarity, when that is another than was told. */
static void tell_battery(port_t *port) {
  int millivolts = -1;
  bool reversed = false;
  const bool measured = device_millivolts(port->handle, KIND_FXO, &millivolts, &reversed) == 0;
  tell(port, EVENT_BATTERY, port->battery ? 1 : 0, measured ? millivolts : -1);
  if (measured && port->battery) tell_polarity(port, reversed);
}

void port_describe(port_t *port) {
  if (port->facts.kind == KIND_FXS) return tell(port, EVENT_HOOK, port->off_hook ? 1 : 0, 0);
  port->polarity = POLARITY_UNTOLD;
  tell_battery(port);
}

void port_close(port_t *port) {
  port->user = USER_NOBODY;
  port->wanted.kind = 0;
  if (port->facts.kind == KIND_FXO) {
    port->line = LINE_ON_HOOK;
    port->ring_began_ns = 0;
    device_hook(port->handle, HOOK_ON);
    return;
  }
  if (port->station == STATION_BURST || port->station == STATION_PAUSE) {
    port->station = STATION_FEEDING;
    device_hook(port->handle, HOOK_RING_OFF);
  }
  if ((port->facts.can & CAN_REVERSE_POLARITY) != 0) device_polarity(port->handle, false);
  if ((port->facts.can & CAN_LIGHT_LAMP) != 0) device_lamp(port->handle, false);
}

static answer_t answered(int refused) {
  switch (refused) {
    case 0: return ANSWER_DONE;
    case -EBUSY:
    case -EINVAL: return ANSWER_WRONG_STATE;
    case -ENOTTY:
    case -ENOSYS: return ANSWER_UNSUPPORTED;
    case -ENODEV: return ANSWER_ABSENT;
    default: return ANSWER_HARDWARE;
  }
}

/* The kernel debounces for 600 ms after going off hook, and refuses flashes and pulses meanwhile. */
static const uint64_t settling_ns = 650000000ULL, patience_ns = 5000000000ULL;

static answer_t interrupt_loop(port_t *port, const command_t *command) {
  if (command->kind == COMMAND_FLASH) {
    if (command->value > 0) {
      const int refused = device_flash_ms(port->handle, command->value);
      if (refused != 0) return answered(refused);
    }
    const int refused = device_hook(port->handle, HOOK_FLASH);
    if (refused == 0) port->line = LINE_FLASHING;
    return answered(refused);
  }
  const int refused = device_pulses(port->handle, command->digits, command->break_ms, command->make_ms, command->inter_digit_ms);
  if (refused == 0) port->line = LINE_DIALING;
  return answered(refused);
}

static answer_t line_command(port_t *port, const command_t *command) {
  const uint64_t now = device_now_ns();
  switch (command->kind) {
    case COMMAND_OFF_HOOK: {
      port->wanted.kind = 0;
      if (port->line == LINE_OFF_HOOK) return ANSWER_DONE;
      const int refused = device_hook(port->handle, HOOK_OFF);
      if (refused == 0) {
        port->line = LINE_OFF_HOOK;
        port->settled_ns = now + settling_ns;
      }
      return answered(refused);
    }
    case COMMAND_ON_HOOK:
      port->wanted.kind = 0;
      port->line = LINE_ON_HOOK;
      return answered(device_hook(port->handle, HOOK_ON));
    case COMMAND_FLASH:
    case COMMAND_PULSES:
      if (port->line != LINE_OFF_HOOK || port->wanted.kind != 0) return ANSWER_WRONG_STATE;
      if (now >= port->settled_ns) return interrupt_loop(port, command);
      port->wanted = *command;
      return ANSWER_DONE;
    default: return ANSWER_UNSUPPORTED;
  }
}

static bool rings(const port_t *port) {
  return port->station == STATION_BURST || port->station == STATION_PAUSE;
}

static answer_t ring(port_t *port, const command_t *command) {
  if (port->off_hook || port->station == STATION_OPEN || port->station == STATION_AFTER_OPEN) return ANSWER_WRONG_STATE;
  if (command->bursts < 1) return ANSWER_BAD_COMMAND;
  device_hook(port->handle, HOOK_RING_OFF);
  const int refused = device_ring(port->handle, command->cadence, command->bursts);
  if (refused != 0) return answered(refused);
  port->ring = *command;
  port->station = STATION_BURST;
  port->burst = 1;
  tell(port, EVENT_BURST_BEGAN, 1, 0);
  return ANSWER_DONE;
}

/* The kernel opens the loop for 500 ms when a fed port is hung up, and then for 300 ms takes no order. */
static const uint64_t open_loop_ns = 500000000ULL, after_open_ns = 350000000ULL;
enum { OPEN_LOOP_MS = 500 };

static answer_t open_loop(port_t *port, int ms) {
  if (ms != OPEN_LOOP_MS) return ANSWER_BAD_COMMAND;
  if (!port->off_hook || port->station != STATION_FEEDING) return ANSWER_WRONG_STATE;
  const int refused = device_hook(port->handle, HOOK_ON);
  if (refused == 0) {
    port->station = STATION_OPEN;
    /* HOOKCOMPLETE ends it; this, if that was lost. */
    port->until_ns = device_now_ns() + 2 * open_loop_ns;
  }
  return answered(refused);
}

static answer_t station_command(port_t *port, const command_t *command) {
  switch (command->kind) {
    case COMMAND_RING: return ring(port, command);
    case COMMAND_RING_STOP: {
      if (!rings(port)) return ANSWER_DONE;
      const station_at_t was = port->station;
      port->station = STATION_FEEDING;
      const int refused = device_hook(port->handle, HOOK_RING_OFF);
      if (was == STATION_BURST) tell(port, EVENT_BURST_ENDED, port->burst, 0);
      return answered(refused);
    }
    case COMMAND_POLARITY: return answered(device_polarity(port->handle, command->value != 0));
    case COMMAND_OPEN_LOOP: return open_loop(port, command->value);
    case COMMAND_LAMP: return answered(device_lamp(port->handle, command->value != 0));
    case COMMAND_TRANSMIT: return answered(device_transmit_on_hook(port->handle, command->value));
    default: return ANSWER_UNSUPPORTED;
  }
}

answer_t port_command(port_t *port, const command_t *command) {
  return port->facts.kind == KIND_FXO ? line_command(port, command) : station_command(port, command);
}

answer_t port_gains(port_t *port, const gains_t *gains) {
  return answered(device_gains(port->handle, gains));
}

void port_measure(port_t *port, reading_t *reading) {
  device_state_t state = {false, false, false};
  device_state(port->handle, port->facts.kind, &state);
  reading->off_hook = port->facts.kind == KIND_FXO ? port->line != LINE_ON_HOOK : state.off_hook;
  reading->battery = port->facts.kind == KIND_FXO ? state.battery : port->station != STATION_OPEN;
  reading->measured = device_millivolts(port->handle, port->facts.kind, &reading->millivolts, &reading->reversed) == 0;
}

/* ---- events */

static void line_event(port_t *port, const device_event_t *event) {
  const uint64_t now = device_now_ns();
  switch (event->kind) {
    case DEVICE_RING_BEGAN:
      if (port->ring_began_ns != 0) return;
      port->ring_began_ns = port->ring_seen_ns = now;
      return tell(port, EVENT_RING_BEGAN, 0, 0);
    case DEVICE_RING_OR_OFF_HOOK:
      if (port->ring_began_ns == 0) return;
      tell(port, EVENT_RING_ENDED, (int)((now - port->ring_began_ns) / 1000000ULL), 0);
      port->ring_began_ns = 0;
      return;
    case DEVICE_ON_HOOK:
      if (!port->battery) return;
      port->battery = false;
      return tell(port, EVENT_BATTERY, 0, -1);
    case DEVICE_HOOK_COMPLETE:
      if (port->line != LINE_FLASHING) return;
      port->line = LINE_OFF_HOOK;
      return tell(port, EVENT_FLASH_ENDED, 0, 0);
    case DEVICE_DIAL_COMPLETE:
      if (port->line != LINE_DIALING) return;
      port->line = LINE_OFF_HOOK;
      return tell(port, EVENT_PULSES_SENT, 0, 0);
    case DEVICE_POLARITY: {
      int millivolts;
      bool reversed;
      if (device_millivolts(port->handle, KIND_FXO, &millivolts, &reversed) == 0) tell_polarity(port, reversed);
      return;
    }
    case DEVICE_LAMP_ON:
    case DEVICE_LAMP_OFF:
      if ((port->facts.can & CAN_SEE_LAMP) != 0) tell(port, EVENT_LAMP, event->kind == DEVICE_LAMP_ON ? 1 : 0, 0);
      return;
    default: return;
  }
}

/* Lifted: the port feeds it. While the loop is open or just was, the kernel refuses, and the beat does it. */
static void lifted(port_t *port) {
  port->doubted_ns = 0;
  if (port->off_hook) return;
  port->off_hook = true;
  device_hook(port->handle, HOOK_OFF);
  const station_at_t was = port->station;
  if (!rings(port)) return tell(port, EVENT_HOOK, 1, 0);
  port->station = STATION_FEEDING;
  tell(port, EVENT_RING_TRIPPED, was == STATION_PAUSE ? 1 : 0, 0);
  tell(port, EVENT_HOOK, 1, 0);
  if (was == STATION_BURST) tell(port, EVENT_BURST_ENDED, port->burst, 0);
}

static void hung_up(port_t *port) {
  port->doubted_ns = 0;
  if (!port->off_hook) return;
  port->off_hook = false;
  if (port->station == STATION_FEEDING) device_hook(port->handle, HOOK_ON);
  tell(port, EVENT_HOOK, 0, 0);
}

static void open_loop_over(port_t *port) {
  port->station = STATION_AFTER_OPEN;
  port->until_ns = device_now_ns() + after_open_ns;
  tell(port, EVENT_OPEN_LOOP_ENDED, 0, 0);
}

static void station_event(port_t *port, const device_event_t *event) {
  switch (event->kind) {
    case DEVICE_RING_OR_OFF_HOOK: return lifted(port);
    case DEVICE_ON_HOOK: return hung_up(port);
    case DEVICE_FLASH: return tell(port, EVENT_HOOK_FLASH, 0, 0);
    case DEVICE_PULSE_DIGIT: return tell(port, EVENT_PULSE_DIGIT, event->value, 0);
    case DEVICE_BURST_BEGAN:
      if (port->station != STATION_PAUSE) return;
      port->station = STATION_BURST;
      return tell(port, EVENT_BURST_BEGAN, ++port->burst, 0);
    case DEVICE_BURST_ENDED: {
      if (port->station != STATION_BURST) return;
      const int pause_ms = port->ring.cadence[(port->burst - 1) % port->ring.bursts].off_ms;
      port->station = STATION_PAUSE;
      if (port->ring.caller_id_after == port->burst) device_transmit_on_hook(port->handle, pause_ms);
      return tell(port, EVENT_BURST_ENDED, port->burst, pause_ms);
    }
    case DEVICE_HOOK_COMPLETE:
      if (port->station == STATION_OPEN) open_loop_over(port);
      return;
    default: return;
  }
}

bool port_serve_events(port_t *port) {
  device_event_t event;
  int there;
  while ((there = device_event(port->handle, &event)) == 1) {
    if (event.kind == DEVICE_REMOVED) return false;
    if (port->facts.kind == KIND_FXO) line_event(port, &event);
    else station_event(port, &event);
  }
  return there == 0;
}

bool port_serve(port_t *port) {
  return port_serve_events(port) && (port->user == USER_NOBODY || port_serve_audio(port));
}

/* ---- every 20 ms */

static void line_beat(port_t *port, uint64_t now, const device_state_t *state) {
  if (port->wanted.kind != 0 && now >= port->settled_ns) {
    const command_t command = port->wanted;
    port->wanted.kind = 0;
    const answer_t taken = interrupt_loop(port, &command);
    /* Debouncing is timed by the card's clock, and by no other. Whatever was taken in hand ends in any case. */
    if (taken == ANSWER_WRONG_STATE && now < port->settled_ns + patience_ns) port->wanted = command;
    else if (taken != ANSWER_DONE) tell(port, command.kind == COMMAND_FLASH ? EVENT_FLASH_ENDED : EVENT_PULSES_SENT, 0, 0);
  }
  /* The kernel tells that battery has gone, in a call, and never that it is back. */
  if (state->battery != port->battery) {
    port->battery = state->battery;
    tell_battery(port);
  }
  if (state->ringing) port->ring_seen_ns = now;
  else if (port->ring_began_ns != 0 && now - port->ring_seen_ns > 200000000ULL) {
    tell(port, EVENT_RING_ENDED, (int)((port->ring_seen_ns - port->ring_began_ns) / 1000000ULL), 0);
    port->ring_began_ns = 0;
  }
}

/* Since our word and the kernel's differ: by the card's clock where audio tells it, else by ours, with more patience. */
static bool doubted_for(const port_t *port, uint64_t now, uint32_t blocks) {
  if (port->user != USER_NOBODY && port->received > port->doubted_block) return port->received - port->doubted_block >= blocks;
  return now - port->doubted_ns >= blocks * BLOCK_NS + patience_ns;
}

/* An event of the hook that was lost is found: the kernel says on hook at once, but tells it after 1250 ms, in which it may be a flash. */
static void heal_hook(port_t *port, uint64_t now, bool off_hook) {
  enum { UNTOLD_OFF_HOOK = 15, UNTOLD_ON_HOOK = 110 };
  if (off_hook == port->off_hook) {
    port->doubted_ns = 0;
    return;
  }
  if (port->doubted_ns == 0) {
    port->doubted_ns = now;
    port->doubted_block = port->received;
  }
  if (!doubted_for(port, now, off_hook ? UNTOLD_OFF_HOOK : UNTOLD_ON_HOOK)) return;
  if (off_hook) lifted(port);
  else hung_up(port);
}

static void station_beat(port_t *port, uint64_t now, const device_state_t *state) {
  if (port->station == STATION_OPEN && now >= port->until_ns) open_loop_over(port);
  if (port->station == STATION_AFTER_OPEN && now >= port->until_ns) {
    /* What happened meanwhile was not told; and by the card's clock it may not be over. */
    const bool soon = state->off_hook && device_hook(port->handle, HOOK_OFF) == -EBUSY && now < port->until_ns + patience_ns;
    if (!soon) port->station = STATION_FEEDING;
    if (!state->off_hook) hung_up(port);
  }
  if (port->station == STATION_FEEDING || rings(port)) heal_hook(port, now, state->off_hook);
}

void port_beat(port_t *port, uint64_t now_ns) {
  device_state_t state;
  if (device_state(port->handle, port->facts.kind, &state) != 0) return;
  if (port->facts.kind == KIND_FXS) station_beat(port, now_ns, &state);
  else line_beat(port, now_ns, &state);
  if (port->user != USER_CLIENT) return;
  if (port->lost_received > 0) tell(port, EVENT_LOST_RECEIVED, (int)port->lost_received, 0);
  if (port->lost_sent > 0) tell(port, EVENT_LOST_SENT, (int)port->lost_sent, 0);
  port->lost_received = port->lost_sent = 0;
}
