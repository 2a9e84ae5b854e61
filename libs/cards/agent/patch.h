/*
 * The emergency patch: one station and one line that the agent joins by itself while it has no client. See README.md.
 *
 *                       lifted                        hung up, a card gone, or a client opens one of the two
 *   idle ──────────────────────────────────► talking ──────────────────────────────────────────────────────► idle
 *     │  the line rings          lifted         ▲
 *     └────────────────► ringing ───────────────┘
 *                           └──► idle   the line has stopped ringing
 */
#ifndef TIPRING_PATCH_H
#define TIPRING_PATCH_H

#include "port.h"

typedef enum { PATCH_IDLE, PATCH_RINGING, PATCH_TALKING } patch_at_t;

typedef struct {
  char station_key[80], line_key[80]; /* serial/port */
  port_t *station, *line;             /* null while their card is away */
  patch_at_t at;
  uint64_t until_ns;
} patch_t;

#define MOST_PATCHES 8

/* Called when a patch begins or ends to talk. */
typedef void (*patch_told_t)(const patch_t *patch);

/* "serial/port=serial/port", station first. False: it is not that. */
bool patch_parse(patch_t *patch, const char *text);
void patch_event(patch_t *patch, port_t *port, event_t event, int value, patch_told_t told);
void patch_block(patch_t *patch, port_t *port, const uint8_t block[BLOCK_SAMPLES]);
/* Every 20 ms; alone: there has been no client for a moment. */
void patch_beat(patch_t *patch, uint64_t now_ns, bool alone, patch_told_t told);
/* A client wants one of its ports, or a card has gone. */
void patch_end(patch_t *patch, patch_told_t told);

#endif
