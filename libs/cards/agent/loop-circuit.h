/*
 * The wires of device-loop.c: an FXO port and an FXS port back to back, as the kernel's DAHDI runs them, by the ms; what happens at
 * a port stands in its `events`, and its handle is woken.
 */
#ifndef TIPRING_LOOP_CIRCUIT_H
#define TIPRING_LOOP_CIRCUIT_H

#include "device.h"

enum { EVENTS_KEPT = 16, BLOCKS_KEPT = 32 };

typedef struct {
  uint8_t blocks[BLOCKS_KEPT][BLOCK_SAMPLES];
  int count, most;
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

/* The law is A-law. */
static const uint8_t loop_silence = 0xD5;

void loop_tell(loop_port_t *port, device_event_kind_t kind, int value);
bool queue_take(queue_t *queue, uint8_t block[BLOCK_SAMPLES]);
/* False: it is full. */
bool queue_put(queue_t *queue, const uint8_t block[BLOCK_SAMPLES]);
/* One ms passes. */
void loop_pass_ms(loop_port_t *fxo, loop_port_t *fxs);
/* 20 ms of audio go both ways. */
void loop_pass_block(loop_port_t *fxo, loop_port_t *fxs);

#endif
