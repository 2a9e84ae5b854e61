/* The one client: a UNIX socket of mode 0600, and frames both ways as README.md has them. */
#ifndef TIPRING_CLIENT_H
#define TIPRING_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

/* From the client. */
typedef enum { ASK_HELLO = 1, ASK_OPEN = 2, ASK_CLOSE = 3, ASK_COMMAND = 4, ASK_GAINS = 5, ASK_MEASURE = 6, ASK_BLOCK = 7, ASK_PING = 8 } ask_t;
/* To the client. */
typedef enum {
  SAY_HELLO = 1,
  SAY_CARD = 2,
  SAY_GONE = 3,
  SAY_READY = 4,
  SAY_ANSWER = 5,
  SAY_READING = 6,
  SAY_EVENT = 7,
  SAY_BLOCK = 8,
  SAY_PATCH = 9,
  SAY_PONG = 10,
  SAY_REFUSED = 11,
} say_t;

enum { PROTOCOL_VERSION = 1 };

typedef void (*client_frame_t)(ask_t type, int channel, const uint8_t *payload, uint32_t length);

/* The listening socket, or -errno; -EADDRINUSE when another agent answers on it. */
int client_listen(const char *path);
/* The client's descriptor, or -1. */
int client_handle(void);
bool client_there(void);
short client_interest(void);
/* Somebody connects: it is the client, or is told that there is one and goes. True: it is. */
bool client_accept(int listener);
/* What is there is read and handed on, frame by frame. False: the client is gone. */
bool client_read(client_frame_t frame);
bool client_write(void);
void client_drop(void);

/* A frame to the client, when there is one. */
void say(say_t type, int channel, const void *payload, uint32_t length);

typedef struct {
  uint8_t bytes[256];
  uint32_t length;
} fields_t;
void put_u8(fields_t *fields, uint8_t value);
void put_u16(fields_t *fields, uint16_t value);
void put_u32(fields_t *fields, uint32_t value);
void put_u64(fields_t *fields, uint64_t value);
uint16_t take_u16(const uint8_t *bytes);
uint32_t take_u32(const uint8_t *bytes);

#endif
