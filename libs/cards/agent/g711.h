/* ITU-T G.711, for two ports of different laws that are patched together. */
#ifndef TIPRING_G711_H
#define TIPRING_G711_H

#include "device.h"

void g711_convert(uint8_t *to, const uint8_t *from, int count, law_t from_law, law_t to_law);

#endif
