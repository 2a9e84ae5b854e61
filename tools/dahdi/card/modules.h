/*
 * The four modules of the simulated card, as their registers: two FXS modules (a programmable subscriber line interface) in places 0 and
 * 1, two FXO modules (a data access arrangement) in 2 and 3, and the pair of wires between 0 and 2, and between 1 and 3.
 */
#ifndef TIPRING_CARD_MODULES_H
#define TIPRING_CARD_MODULES_H

#include <stdbool.h>
#include <stdint.h>

enum { MODULES = 4, PAIRS = 2 };

void modules_reset(void);
uint8_t module_read(int module, uint8_t address);
void module_write(int module, uint8_t address, uint8_t value);
/* A millisecond has passed. */
void modules_advance(void);
/* What a module hears when each says so: one octet of each. */
void modules_exchange(const uint8_t *said, uint8_t *heard);
/* Between 0 and 2 and so on; cut, the exchange is dead for the FXO module. */
void pair_cut(int pair, bool cut);

#endif
