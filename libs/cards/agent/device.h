/*
 * What the agent needs of the hardware, and its seam: device-dahdi.c asks the kernel, device-loop.c is two ports back to back in a
 * clock of their own, for tests. Nothing blocks, nothing allocates after device_start. Answers below 0 are -errno.
 */
#ifndef TIPRING_DEVICE_H
#define TIPRING_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

#define BLOCK_SAMPLES 160
#define BLOCK_NS 20000000ULL
#define MOST_CARDS 16
#define MOST_PORTS_OF_CARD 32
#define MOST_PORTS 128
#define MOST_BURSTS 7

typedef enum { KIND_FXO, KIND_FXS } port_kind_t;
typedef enum { LAW_MULAW, LAW_ALAW } law_t;

/* What a port can do beyond what every port can; found by asking. */
typedef enum {
  CAN_REVERSE_POLARITY = 1,
  CAN_TRANSMIT_ON_HOOK = 2,
  CAN_LIGHT_LAMP = 4,
  CAN_MEASURE_VOLTS = 8,
  CAN_SEE_POLARITY = 16,
  CAN_SEE_LAMP = 32,
} capability_t;

typedef struct {
  char serial[64];
  bool serial_moves_with_card;
  char vendor[40], model[40], slot[40];
  int first_channel, channels;
} card_facts_t;

typedef struct {
  int channel;
  int number; /* beside the jack, 1 ... 32 */
  port_kind_t kind;
  law_t law;
  uint32_t can;
} port_facts_t;

typedef enum {
  DEVICE_RING_BEGAN,
  DEVICE_RING_OR_OFF_HOOK, /* FXO: a burst of ringing is over. FXS: the telephone is off hook. */
  DEVICE_ON_HOOK,          /* FXO: battery is gone. FXS: the telephone is on hook. */
  DEVICE_FLASH,
  DEVICE_PULSE_DIGIT,      /* value: its character */
  DEVICE_BURST_BEGAN,
  DEVICE_BURST_ENDED,
  DEVICE_HOOK_COMPLETE,    /* a flash or an open loop is over */
  DEVICE_DIAL_COMPLETE,
  DEVICE_POLARITY,
  DEVICE_LAMP_ON,
  DEVICE_LAMP_OFF,
  DEVICE_REMOVED,
  DEVICE_OTHER,
} device_event_kind_t;

typedef struct {
  device_event_kind_t kind;
  int value;
} device_event_t;

typedef struct {
  bool battery;  /* FXO */
  bool ringing;  /* FXO */
  bool off_hook; /* FXS: the telephone, by the hardware's last word */
} device_state_t;

typedef enum { HOOK_ON, HOOK_OFF, HOOK_FLASH, HOOK_RING_OFF } device_hook_t;

typedef struct {
  uint16_t on_ms, off_ms;
} burst_t;

int device_start(int receive_buffers);
uint64_t device_now_ns(void);

/* Of the span so numbered (1 ...): 0, -ENODEV when there is none, or what is wrong with it. */
int device_card(int span, card_facts_t *card);
/* Takes the channel for this process: a handle to poll, or -EBUSY, or -ENOTSUP for what is no analog port. */
int device_open(int channel, port_facts_t *facts);
void device_close(int handle);
/* What to poll for: events always, audio while it flows. */
short device_interest(bool audio);

/* 1 and an event, or 0. */
int device_event(int handle, device_event_t *event);
/* 1 and a block; 0: none yet. -EAGAIN: an event wants to be taken first. */
int device_read(int handle, uint8_t block[BLOCK_SAMPLES]);
int device_write(int handle, const uint8_t block[BLOCK_SAMPLES]);
/* Throws away what is received and what is to be sent. */
void device_flush(int handle);
int device_state(int handle, port_kind_t kind, device_state_t *state);
int device_hook(int handle, device_hook_t hook);
int device_flash_ms(int handle, int ms);
/* Over and over, from its beginning. */
int device_ring(int handle, const burst_t *bursts, int count);
/* DEVICE_DIAL_COMPLETE tells the end. While it lasts nothing may be written: the kernel takes that for its end. */
int device_pulses(int handle, const char *digits, int break_ms, int make_ms, int inter_digit_ms);
int device_polarity(int handle, bool reversed);
int device_lamp(int handle, bool on);
int device_transmit_on_hook(int handle, int ms);
/* From the line and toward it: tenths of a dB for hardware that has gains, and what each octet becomes for hardware that has none. */
typedef struct {
  int tenths[2];
  const uint8_t *octets[2];
} gains_t;
enum { GAIN_RECEIVE, GAIN_SEND };
int device_gains(int handle, const gains_t *gains);
/* Of the line, without regard to polarity; -ENOTTY for what does not measure. Null when only its sign is not wanted. */
int device_millivolts(int handle, port_kind_t kind, int *millivolts, bool *reversed);

/* Whether the client listens to a port, and owes a block to be sent. */
typedef enum { AUDIO_NOBODYS, AUDIO_ANSWERED, AUDIO_OWED } audio_t;
/* How long poll may wait, at most so many ms. */
int device_wait_ms(audio_t audio, int most);

#endif
