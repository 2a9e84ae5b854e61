#include "loop-circuit.h"

#include <string.h>
#include <unistd.h>

static void wake(const loop_port_t *port) {
  const uint64_t one = 1;
  if (port->handle >= 0 && write(port->handle, &one, sizeof one) < 0) { /* It is awake. */ }
}

void loop_tell(loop_port_t *port, device_event_kind_t kind, int value) {
  if (port->event_count == EVENTS_KEPT) return;
  port->events[port->event_count++] = (device_event_t){kind, value};
  wake(port);
}

bool queue_take(queue_t *queue, uint8_t block[BLOCK_SAMPLES]) {
  if (queue->count == 0) return false;
  memcpy(block, queue->blocks[0], BLOCK_SAMPLES);
  queue->count--;
  memmove(queue->blocks[0], queue->blocks[1], (size_t)queue->count * BLOCK_SAMPLES);
  return true;
}

bool queue_put(queue_t *queue, const uint8_t block[BLOCK_SAMPLES]) {
  if (queue->count >= queue->most) return false;
  memcpy(queue->blocks[queue->count++], block, BLOCK_SAMPLES);
  return true;
}

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
  if (fxo->digits[0] == '\0') return loop_tell(fxo, DEVICE_DIAL_COMPLETE, 0);
  fxo->pulses = fxo->digits[0] == '0' ? 10 : fxo->digits[0] - '0';
  fxo->loop = LOOP_BREAK;
  fxo->loop_ms = fxo->break_ms;
}

static void fxo_ms(loop_port_t *fxo, const loop_port_t *fxs) {
  if (fxo->debounce_ms > 0) fxo->debounce_ms--;
  if (elapsed(&fxo->loop_ms)) {
    if (fxo->loop == LOOP_FLASH) {
      fxo->loop = LOOP_CLOSED;
      loop_tell(fxo, DEVICE_HOOK_COMPLETE, 0);
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
  if (fxo->battery && !battery && fxo->loop == LOOP_CLOSED && fxo->debounce_ms == 0) loop_tell(fxo, DEVICE_ON_HOOK, 0);
  if (ringing != fxo->ringing) loop_tell(fxo, ringing ? DEVICE_RING_BEGAN : DEVICE_RING_OR_OFF_HOOK, 0);
  fxo->battery = battery;
  fxo->ringing = ringing;
}

static void feed_ms(loop_port_t *fxs) {
  if (!elapsed(&fxs->feed_ms)) return;
  switch (fxs->feed) {
    case FEED_RING_ON:
      fxs->feed = FEED_RING_OFF;
      fxs->feed_ms = fxs->cadence[fxs->burst].off_ms;
      return loop_tell(fxs, DEVICE_BURST_ENDED, 0);
    case FEED_RING_OFF:
      fxs->burst = (fxs->burst + 1) % fxs->bursts;
      fxs->feed = FEED_RING_ON;
      fxs->feed_ms = fxs->cadence[fxs->burst].on_ms;
      return loop_tell(fxs, DEVICE_BURST_BEGAN, 0);
    case FEED_OPEN:
      fxs->feed = FEED_AFTER_OPEN;
      fxs->feed_ms = 300;
      return loop_tell(fxs, DEVICE_HOOK_COMPLETE, 0);
    case FEED_AFTER_OPEN: fxs->feed = FEED_IDLE; return;
    default: return;
  }
}

/* Short openings of the loop are pulses, longer ones a flash, and 1250 ms is the end; while our own battery is off nothing is seen. */
static void fxs_ms(loop_port_t *fxs, const loop_port_t *fxo) {
  feed_ms(fxs);
  const bool closed = fxs->lifted || fxo->loop == LOOP_CLOSED || fxo->loop == LOOP_MAKE || (fxo->loop == LOOP_FLASH && fxo->loop_ms > fxo->flash_ms);
  if (elapsed(&fxs->pulse_ms)) {
    loop_tell(fxs, DEVICE_PULSE_DIGIT, '0' + fxs->pulse_count % 10);
    fxs->pulse_count = 0;
  }
  if (closed && !fxs->closed && !fxs->told_off_hook) {
    fxs->told_off_hook = true;
    loop_tell(fxs, DEVICE_RING_OR_OFF_HOOK, 0);
  } else if (closed && !fxs->closed && fxs->open_ms > 1250 - 200) {
    fxs->pulse_count++;
    fxs->pulse_ms = 250;
  } else if (closed && !fxs->closed && fxs->open_ms > 0) {
    loop_tell(fxs, DEVICE_FLASH, 0);
  } else if (!closed && fxs->closed && fxs->feed != FEED_OPEN && fxs->feed != FEED_AFTER_OPEN) {
    fxs->open_ms = 1250;
    fxs->pulse_ms = 0;
  }
  if (closed) fxs->open_ms = 0;
  fxs->closed = closed;
  if (!elapsed(&fxs->open_ms)) return;
  fxs->told_off_hook = false;
  fxs->pulse_count = 0;
  loop_tell(fxs, DEVICE_ON_HOOK, 0);
}

/* 20 ms of one direction. */
static void carry(loop_port_t *from, loop_port_t *to, bool joined) {
  uint8_t block[BLOCK_SAMPLES];
  if (!queue_take(&from->to_send, block)) memset(block, loop_silence, sizeof block);
  for (int n = 0; n < BLOCK_SAMPLES; n++) block[n] = from->send_gain[block[n]];
  from->sent = block[0];
  if (!joined) memset(block, loop_silence, sizeof block);
  for (int n = 0; n < BLOCK_SAMPLES; n++) {
    if (from->says != loop_silence) block[n] = from->says;
    block[n] = to->receive_gain[block[n]];
  }
  /* Full: it is lost, as in the kernel. */
  queue_put(&to->received, block);
  wake(to);
}

void loop_pass_ms(loop_port_t *fxo, loop_port_t *fxs) {
  fxs_ms(fxs, fxo);
  fxo_ms(fxo, fxs);
}

void loop_pass_block(loop_port_t *fxo, loop_port_t *fxs) {
  const bool joined = fxo->loop == LOOP_CLOSED && fxs->feed != FEED_OPEN;
  carry(fxo, fxs, joined);
  carry(fxs, fxo, joined);
}
