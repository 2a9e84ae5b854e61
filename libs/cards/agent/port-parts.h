/* What the two halves of a port have of each other: port.c (commands, events) and port-audio.c. */
#ifndef TIPRING_PORT_PARTS_H
#define TIPRING_PORT_PARTS_H

#include "port.h"

extern port_world_t port_world;

/* False: the hardware is gone. */
bool port_serve_events(port_t *port);
bool port_serve_audio(port_t *port);

#endif
