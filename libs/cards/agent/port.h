/*
 * One jack: what was asked of it, what is told of it, and its audio, in the terms of libs/cards (contract.ts). It belongs to a client
 * that has opened it, to an emergency patch, or to nobody; its hook is followed all the same.
 */
#ifndef TIPRING_PORT_H
#define TIPRING_PORT_H

#include "device.h"

/* As they are on the wire; see README.md. */
typedef enum {
  ANSWER_DONE = 0,
  ANSWER_UNSUPPORTED = 1,
  ANSWER_BAD_COMMAND = 2,
  ANSWER_WRONG_STATE = 3,
  ANSWER_BUSY = 4,
  ANSWER_CLOSED = 5,
  ANSWER_ABSENT = 6,
  ANSWER_HARDWARE = 7,
} answer_t;

typedef enum {
  EVENT_LOST_RECEIVED = 1, /* value: blocks */
  EVENT_LOST_SENT = 2,     /* value: blocks */
  EVENT_BATTERY = 3,       /* value: 1 present; other: millivolts, or -1 */
  EVENT_POLARITY = 4,      /* value: 1 reversed */
  EVENT_RING_BEGAN = 5,
  EVENT_RING_ENDED = 6,    /* value: its ms */
  EVENT_LAMP = 7,          /* value: 1 on */
  EVENT_FLASH_ENDED = 8,
  EVENT_PULSES_SENT = 9,
  EVENT_HOOK = 10,         /* value: 1 off */
  EVENT_HOOK_FLASH = 11,
  EVENT_PULSE_DIGIT = 12,  /* value: its character */
  EVENT_BURST_BEGAN = 13,  /* value: its number */
  EVENT_BURST_ENDED = 14,  /* value: its number; other: ms of the pause */
  EVENT_RING_TRIPPED = 15, /* value: 1 in a pause */
  EVENT_OPEN_LOOP_ENDED = 16,
} event_t;

typedef enum {
  COMMAND_ON_HOOK = 1,
  COMMAND_OFF_HOOK = 2,
  COMMAND_FLASH = 3,
  COMMAND_PULSES = 4,
  COMMAND_RING = 5,
  COMMAND_RING_STOP = 6,
  COMMAND_POLARITY = 7,
  COMMAND_OPEN_LOOP = 8,
  COMMAND_LAMP = 9,
  COMMAND_TRANSMIT = 10,
} command_kind_t;

#define MOST_DIGITS 64

typedef struct {
  command_kind_t kind;
  int value; /* ms, or 1 for reversed and on */
  int break_ms, make_ms, inter_digit_ms;
  char digits[MOST_DIGITS + 1];
  int bursts, caller_id_after;
  burst_t cadence[MOST_BURSTS];
} command_t;

typedef struct {
  bool off_hook, battery;
  bool measured, reversed;
  int millivolts;
} reading_t;

typedef enum { USER_NOBODY, USER_CLIENT, USER_PATCH } port_user_t;

/* Of an FXO port; a flash or pulses wait until the kernel takes the loop for closed. */
typedef enum { LINE_ON_HOOK, LINE_OFF_HOOK, LINE_FLASHING, LINE_DIALING } line_at_t;
/* Of an FXS port; after an open loop the kernel wants a moment before it feeds again. */
typedef enum { STATION_FEEDING, STATION_BURST, STATION_PAUSE, STATION_OPEN, STATION_AFTER_OPEN } station_at_t;

typedef enum { POLARITY_UNTOLD, POLARITY_NORMAL, POLARITY_REVERSED } polarity_t;

#define ANSWERS_KEPT 64
#define PATCH_BLOCKS 4

typedef struct port {
  port_facts_t facts;
  int card; /* its index in the agent's */
  int handle;
  port_user_t user;
  uint32_t events; /* told since it was opened */

  uint32_t received; /* the number of the last block */
  uint64_t received_at_ns;
  int queued; /* blocks in the hardware's send buffer, by our count: what arrives and what goes out have one clock */
  uint32_t lost_received, lost_sent;
  uint32_t answer_for[ANSWERS_KEPT];
  uint8_t answers[ANSWERS_KEPT][BLOCK_SAMPLES];
  uint8_t through[PATCH_BLOCKS][BLOCK_SAMPLES]; /* from the other port of a patch */
  int through_count;

  line_at_t line;
  uint64_t settled_ns;
  command_t wanted;
  bool battery;
  polarity_t polarity; /* as told */
  uint64_t ring_began_ns; /* 0: it does not ring */
  uint64_t ring_seen_ns;

  station_at_t station;
  bool off_hook;
  uint64_t doubted_ns; /* since when the hardware's word differs from ours; 0: it does not */
  uint32_t doubted_block;
  uint64_t until_ns;
  command_t ring;
  int burst;
} port_t;

/* Blocks that a client may take for its answer: the rest is room for the scheduler, in the hardware's send buffer. */
enum { PLAYED_AHEAD = 2 };

typedef struct {
  int lead; /* blocks */
  int buffers;
  void (*event)(port_t *port, event_t event, int value, int other);
  void (*block)(port_t *port, const uint8_t block[BLOCK_SAMPLES]);
} port_world_t;

void port_start(const port_world_t *world);
/* The channel of the port, on hook; false: it cannot be had. */
bool port_init(port_t *port, int card, int channel);
/* Begins audio for a client or a patch. */
answer_t port_open(port_t *port, port_user_t user);
/* Tells how the line is. */
void port_describe(port_t *port);
/* On hook, no ringing, normal polarity, lamp off; a telephone that is off hook stays fed. */
void port_close(port_t *port);
answer_t port_command(port_t *port, const command_t *command);
answer_t port_gains(port_t *port, const gains_t *gains);
void port_measure(port_t *port, reading_t *reading);
/* A client's answer to the block so numbered. */
void port_answer(port_t *port, uint32_t number, const uint8_t block[BLOCK_SAMPLES]);
/* Whether the next block to be sent is still awaited. */
bool port_owes(const port_t *port);
/* Events and audio that are there. False: the hardware is gone. */
bool port_serve(port_t *port);
/* Every 20 ms. */
void port_beat(port_t *port, uint64_t now_ns);
uint8_t port_silence(const port_t *port);

#endif
