/*
 * The card's PCI bridge as its 256 ports: serial lines to the modules, two rings of audio in the host's memory, an interrupt each
 * millisecond. Ports and bits are those that a driver of such cards uses, and no others.
 */
#ifndef TIPRING_CARD_BRIDGE_H
#define TIPRING_CARD_BRIDGE_H

#include <stdbool.h>
#include <stdint.h>

uint8_t bridge_in(uint32_t port);
void bridge_out(uint32_t port, const uint8_t *octets, uint32_t count);
/* The card's clock: 8 samples of every module. `memory` is the host's, by its address; null: not there. */
void bridge_tick(void *(*memory)(uint64_t address, uint64_t length));
bool bridge_interrupts(void);

#endif
