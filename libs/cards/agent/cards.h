/* The cards that are there and their ports: found at the start and from then on every second, gone when the hardware says so. */
#ifndef TIPRING_CARDS_H
#define TIPRING_CARDS_H

#include "port.h"

typedef struct {
  int span; /* 0: this place is free */
  card_facts_t facts;
} card_t;

extern card_t cards[MOST_CARDS];
/* Places of ports; free ones have a handle below 0. They do not move while their card is there. */
extern port_t ports[MOST_PORTS];

void cards_start(void);
/* Looks for cards that were not there; the index of the first new one, or -1. */
int cards_find(void);
void card_drop(int card);
port_t *port_of_channel(int channel);
/* "serial/port" */
port_t *port_of_key(const char *key);
/* The card as JSON; the length, or 0 when there is no room. */
int card_json(int card, char *text, int size);

#endif
