#include "g711.h"

#include <string.h>

/* Linear values of 16 bits, by the definitions of G.711: three bits of segment, four of step, the sign first. */
static int mulaw_value(uint8_t octet) {
  const int bits = ~octet & 0xFF, magnitude = ((((bits & 0x0F) << 3) + 132) << ((bits >> 4) & 7)) - 132;
  return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

static int alaw_value(uint8_t octet) {
  const int bits = octet ^ 0x55, segment = (bits >> 4) & 7, step = ((bits & 0x0F) << 4) + 8;
  const int magnitude = segment == 0 ? step : (step + 256) << (segment - 1);
  return (bits & 0x80) != 0 ? magnitude : -magnitude;
}

/* The octet whose value is nearest: a search of 256, done once for each octet that there is. */
static uint8_t nearest(int value, int (*value_of)(uint8_t)) {
  int best = 0, least = 1 << 20;
  for (int octet = 0; octet < 256; octet++) {
    const int away = value_of((uint8_t)octet) - value, distance = away < 0 ? -away : away;
    if (distance < least) {
      least = distance;
      best = octet;
    }
  }
  return (uint8_t)best;
}

static uint8_t table[2][256];
static bool made;

void g711_convert(uint8_t *to, const uint8_t *from, int count, law_t from_law, law_t to_law) {
  if (from_law == to_law) {
    memcpy(to, from, (size_t)count);
    return;
  }
  if (!made) {
    for (int octet = 0; octet < 256; octet++) {
      table[LAW_MULAW][octet] = nearest(mulaw_value((uint8_t)octet), alaw_value);
      table[LAW_ALAW][octet] = nearest(alaw_value((uint8_t)octet), mulaw_value);
    }
    made = true;
  }
  for (int n = 0; n < count; n++) to[n] = table[from_law][from[n]];
}
