#include "port-parts.h"

#include <errno.h>
#include <string.h>

/* Blocks in and out of a port: the card clocks both, and the delay of what is sent never changes. */

void port_answer(port_t *port, uint32_t number, const uint8_t block[BLOCK_SAMPLES]) {
  /* Of a time that is over, or not yet come: its place is taken. */
  if (port->received - number >= (uint32_t)ANSWERS_KEPT) return;
  port->answer_for[number % ANSWERS_KEPT] = number;
  memcpy(port->answers[number % ANSWERS_KEPT], block, BLOCK_SAMPLES);
}

bool port_owes(const port_t *port) {
  if (port->user != USER_CLIENT || port->received == 0 || port->line == LINE_DIALING) return false;
  const uint32_t awaited = port->received - (uint32_t)port_world.lead + 1;
  return port->received + 1 > (uint32_t)port_world.lead && port->answer_for[awaited % ANSWERS_KEPT] != awaited;
}

/* What goes out in place of the block so numbered; the block is the answer to the one `lead` before it. */
static const uint8_t *to_send(port_t *port, uint32_t number) {
  static uint8_t silence[BLOCK_SAMPLES];
  const uint32_t lead = (uint32_t)port_world.lead;
  if (port->user == USER_CLIENT && number > lead && number <= port->received) {
    const uint32_t answers = number - lead;
    if (port->answer_for[answers % ANSWERS_KEPT] == answers) return port->answers[answers % ANSWERS_KEPT];
    port->lost_sent++;
  }
  memset(silence, port_silence(port), sizeof silence);
  return silence;
}

static const uint8_t *from_peer(port_t *port) {
  static uint8_t block[BLOCK_SAMPLES];
  if (port->through_count == 0) return to_send(port, 0);
  memcpy(block, port->through[0], sizeof block);
  port->through_count--;
  memmove(port->through[0], port->through[1], (size_t)port->through_count * BLOCK_SAMPLES);
  return block;
}

static void write_block(port_t *port, const uint8_t *block) {
  int wrong = device_write(port->handle, block);
  if (wrong == -EAGAIN && port_serve_events(port)) wrong = device_write(port->handle, block);
  if (wrong == 0) port->queued++;
  else port->lost_sent++;
}

/*
 * So many blocks have arrived, and as many have gone out. The send buffer is filled to PLAYED_AHEAD again; when more than that
 * went out it has run empty, and what belonged there is lost: the delay of what is sent never changes.
 */
static void send_due(port_t *port, int arrived) {
  port->queued = port->queued > arrived ? port->queued - arrived : 0;
  if (port->line == LINE_DIALING) return;
  const int due = PLAYED_AHEAD - port->queued;
  if (due < arrived && port->received > (uint32_t)arrived) port->lost_sent += (uint32_t)(arrived - due);
  for (int n = due - 1; n >= 0; n--) write_block(port, port->user == USER_PATCH ? from_peer(port) : to_send(port, port->received - (uint32_t)n));
}

bool port_serve_audio(port_t *port) {
  uint8_t block[BLOCK_SAMPLES];
  int arrived = 0;
  while (arrived < port_world.buffers) {
    int got = device_read(port->handle, block);
    if (got == -EAGAIN && port_serve_events(port)) got = device_read(port->handle, block);
    if (got < 0 && got != -EAGAIN) return false;
    if (got != 1 || port->user == USER_NOBODY) break;
    arrived++;
    port->received++;
    port_world.block(port, block);
  }
  if (arrived == 0) return true;
  const uint64_t now = device_now_ns();
  const uint64_t gap = port->received_at_ns == 0 ? 0 : (now - port->received_at_ns) / BLOCK_NS;
  /* The hardware keeps so many and no more. */
  if (gap > (uint64_t)port_world.buffers && gap > (uint64_t)arrived) port->lost_received += (uint32_t)(gap - (uint64_t)arrived);
  port->received_at_ns = now;
  send_due(port, arrived);
  return true;
}
