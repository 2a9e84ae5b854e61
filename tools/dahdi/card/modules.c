#include "modules.h"

#include <math.h>
#include <string.h>

/* Registers of the FXS module by what they are. */
enum {
  FXS_ID = 0,
  FXS_PCM = 1,
  FXS_LOOPBACK = 8,
  FXS_IDENTITY = 11,
  FXS_POWER_DOWN = 14,
  FXS_INDIRECT_LOW = 28,
  FXS_INDIRECT_HIGH = 29,
  FXS_INDIRECT_ADDRESS = 30,
  FXS_INDIRECT_BUSY = 31,
  FXS_RING_SHAPE = 34,
  FXS_LINE_FEED = 64,
  FXS_LOOP_STATE = 68,
  FXS_CURRENT_LIMIT = 71,
  FXS_LOOP_VOLTS = 78,
  FXS_LOOP_CURRENT = 79,
  FXS_TIP_VOLTS = 80,
  FXS_RING_VOLTS = 81,
  FXS_BATTERY_1 = 82,
  FXS_BATTERY_2 = 83,
  FXS_CONVERTER = 92,
  FXS_CALIBRATION = 96,
  FXS_CONVERTER_STATE = 107,
};

/* Of the FXO module. */
enum { FXO_CONTROL_1 = 1, FXO_CONTROL_2 = 2, FXO_HOOK = 5, FXO_LINE_POWER = 6, FXO_CHIP = 11, FXO_LINE_STATE = 12, FXO_CHIP_B = 13, FXO_TERMINATION = 26, FXO_CURRENT = 28, FXO_VOLTS = 29 };
/* Of its hook register: off hook, monitoring on hook, and what the line does. */
enum { HOOK_OFF = 0x01, HOOK_MONITOR = 0x08, HOOK_RINGS = 0x04, HOOK_RING_POSITIVE = 0x40, HOOK_RING_NEGATIVE = 0x20, HOOK_OF_LINE = 0x64 };

/* What the line feed register asks for. */
enum { FEED_OPEN = 0, FEED_ACTIVE = 1, FEED_ON_HOOK = 2, FEED_RINGING = 4, FEED_REVERSE = 5, FEED_REVERSE_ON_HOOK = 6 };
/* The ringing oscillator drives a neon lamp: slow pulses of one sign. */
enum { SHAPE_NEON = 0x19 };

typedef struct {
  uint8_t registers[256];
  uint16_t indirect[256];
  bool data_latched;
} module_t;

static module_t modules[MODULES];
static bool cut[PAIRS];
static double converter_volts[PAIRS];
static double seconds;

static const double pi = 3.14159265358979;
static const double battery_volts = 76, line_volts = 48, ring_peak_volts = 127, neon_volts = 91.5;
static const double loop_ohms = 600, feed_ohms = 100, set_volts = 6;

static bool is_fxs(int module) {
  return module < PAIRS;
}

static void reset(int module) {
  uint8_t *registers = modules[module].registers;
  memset(&modules[module], 0, sizeof modules[module]);
  if (is_fxs(module)) {
    registers[FXS_ID] = 0x05;
    registers[FXS_PCM] = 0x08;
    registers[FXS_LOOPBACK] = 2;
    registers[FXS_IDENTITY] = 0x33;
    registers[FXS_CONVERTER_STATE] = 8;
  } else {
    registers[FXO_CONTROL_2] = 3;
    registers[FXO_CHIP_B] = 0x40;
    registers[FXO_HOOK] = HOOK_MONITOR;
  }
}

void modules_reset(void) {
  for (int n = 0; n < MODULES; n++) reset(n);
}

void pair_cut(int pair, bool is_cut) {
  cut[pair] = is_cut;
}

/* The converter that makes the battery: charged at once, gone in a second. */
static double converter(int pair, const uint8_t *fxs) {
  const bool on = (fxs[FXS_POWER_DOWN] & 0x10) == 0 && fxs[FXS_CONVERTER] != 0;
  if (on) converter_volts[pair] = battery_volts;
  else converter_volts[pair] = fmax(0, converter_volts[pair] - 0.06);
  return converter_volts[pair];
}

/* Between tip and ring at the module, nobody off hook; signed. */
static double feed_volts(const uint8_t *fxs) {
  switch (fxs[FXS_LINE_FEED] & 7) {
    case FEED_ACTIVE:
    case FEED_ON_HOOK: return line_volts;
    case FEED_REVERSE:
    case FEED_REVERSE_ON_HOOK: return -line_volts;
    /* A second on, a second off. */
    case FEED_RINGING: return fxs[FXS_RING_SHAPE] != SHAPE_NEON ? 0 : fmod(seconds, 2) < 1 ? neon_volts : line_volts;
    default: return 0;
  }
}

static bool rings(const uint8_t *fxs) {
  return (fxs[FXS_LINE_FEED] & 7) == FEED_RINGING && fxs[FXS_RING_SHAPE] != SHAPE_NEON;
}

typedef struct {
  double amperes, volts; /* at the FXO module, signed */
} loop_t;

static loop_t loop_of(int pair, const uint8_t *fxs, const uint8_t *fxo) {
  const bool off_hook = (fxo[FXO_HOOK] & HOOK_OFF) != 0;
  const double open_volts = cut[pair] ? 0 : rings(fxs) ? line_volts : feed_volts(fxs), magnitude = fabs(open_volts);
  if (!off_hook || magnitude < set_volts) return (loop_t){0, off_hook ? copysign(fmin(magnitude, set_volts), open_volts) : open_volts};
  const double set_ohms = fxo[FXO_TERMINATION] >> 6 == 3 ? 50 : 200, limit = (20 + 3 * (fxs[FXS_CURRENT_LIMIT] & 7)) / 1000.0;
  const double amperes = fmin(limit, (magnitude - set_volts) / (loop_ohms + feed_ohms + set_ohms));
  return (loop_t){amperes, copysign(set_volts + amperes * set_ohms, open_volts)};
}

static uint8_t steps(double value, double step) {
  const double count = value / step;
  return (uint8_t)(count < 0 ? 0 : count > 255 ? 255 : count);
}

static void fxs_senses(int pair, uint8_t *fxs, const uint8_t *fxo, loop_t loop) {
  const double volts = feed_volts(fxs);
  fxs[FXS_BATTERY_1] = fxs[FXS_BATTERY_2] = steps(converter(pair, fxs), 0.376);
  fxs[FXS_TIP_VOLTS] = steps(volts > 0 ? 3 : volts < 0 ? 3 + fabs(volts) : 0, 0.376);
  fxs[FXS_RING_VOLTS] = steps(volts > 0 ? 3 + volts : volts < 0 ? 3 : 0, 0.376);
  fxs[FXS_LOOP_CURRENT] = steps(loop.amperes * 1000, 1.25);
  fxs[FXS_LOOP_VOLTS] = steps(fabs(volts), 1.5);
  if ((fxs[FXS_LINE_FEED] & 7) == FEED_OPEN) return; /* Its detectors stand still. */
  const bool tripped = rings(fxs) && (fxo[FXO_HOOK] & HOOK_OFF) != 0 && !cut[pair];
  /* Ringing ends by itself when the telephone is lifted. */
  if (tripped) fxs[FXS_LINE_FEED] = (uint8_t)((fxs[FXS_LINE_FEED] & 0xF0) | FEED_ACTIVE);
  const bool closed = tripped || loop.amperes > 0.0115;
  fxs[FXS_LOOP_STATE] = (uint8_t)((closed ? 5 : 0) | (tripped ? 2 : 0));
}

static void fxo_senses(int pair, const uint8_t *fxs, uint8_t *fxo, loop_t loop) {
  fxo[FXO_VOLTS] = (uint8_t)(int8_t)fmax(-127, fmin(127, loop.volts));
  fxo[FXO_CURRENT] = steps(loop.amperes * 1000, 1.1);
  fxo[FXO_LINE_STATE] = steps(loop.amperes * 1000, 3.3);
  const bool heard = rings(fxs) && (fxo[FXO_HOOK] & HOOK_OFF) == 0 && !cut[pair];
  const double ringing = heard ? ring_peak_volts * sin(2 * pi * 20 * seconds) : 0;
  const int detected = ringing > 21 ? HOOK_RING_POSITIVE | HOOK_RINGS : ringing < -21 ? HOOK_RING_NEGATIVE | HOOK_RINGS : 0;
  fxo[FXO_HOOK] = (uint8_t)((fxo[FXO_HOOK] & ~HOOK_OF_LINE) | detected);
}

static void settle(int pair) {
  uint8_t *fxs = modules[pair].registers, *fxo = modules[pair + PAIRS].registers;
  const loop_t loop = loop_of(pair, fxs, fxo);
  fxs_senses(pair, fxs, fxo, loop);
  fxo_senses(pair, fxs, fxo, loop);
}

void modules_advance(void) {
  seconds += 0.001;
  for (int pair = 0; pair < PAIRS; pair++) settle(pair);
}

uint8_t module_read(int module, uint8_t address) {
  const module_t *it = &modules[module];
  if (!is_fxs(module)) {
    /* Which chip is on the line's side, while it has power. */
    if (address == FXO_CHIP) return (it->registers[FXO_LINE_POWER] & 0x10) != 0 ? 0 : 0x15;
    return it->registers[address];
  }
  const uint16_t indirect = it->indirect[it->registers[FXS_INDIRECT_ADDRESS]];
  switch (address) {
    case FXS_CALIBRATION:
    case FXS_INDIRECT_BUSY: return 0;
    case FXS_INDIRECT_LOW: return (uint8_t)indirect;
    case FXS_INDIRECT_HIGH: return (uint8_t)(indirect >> 8);
    /* What was asked for, and what is: the same. */
    case FXS_LINE_FEED: return (uint8_t)((it->registers[FXS_LINE_FEED] & 7) * 0x11);
    default: return it->registers[address];
  }
}

static void write_fxs(module_t *it, uint8_t address, uint8_t value) {
  uint8_t *registers = it->registers;
  if (address == FXS_ID || address == FXS_BATTERY_1) return;
  registers[address] = value;
  if (address == FXS_INDIRECT_HIGH) it->data_latched = true;
  if (address != FXS_INDIRECT_ADDRESS || !it->data_latched) return;
  it->indirect[value] = (uint16_t)(registers[FXS_INDIRECT_LOW] | registers[FXS_INDIRECT_HIGH] << 8);
  it->data_latched = false;
}

void module_write(int module, uint8_t address, uint8_t value) {
  module_t *it = &modules[module];
  if (is_fxs(module)) write_fxs(it, address, value);
  else if (address == FXO_CONTROL_1 && (value & 0x80) != 0) reset(module);
  else if (address == FXO_HOOK) it->registers[FXO_HOOK] = (uint8_t)((it->registers[FXO_HOOK] & HOOK_OF_LINE) | (value & ~HOOK_OF_LINE));
  else if (address != FXO_CONTROL_2 && address != FXO_VOLTS) it->registers[address] = value;
}

/* Gains of the FXO module, in steps of 1 dB and 0.1 dB: the lower nibble, down with bit 4 set. */
static double gain(const uint8_t *fxo, int whole, int tenths) {
  const double up = (fxo[whole] & 15) * ((fxo[whole] & 16) != 0 ? -1.0 : 1.0), tenth = 0.1 * (fxo[tenths] & 15) * ((fxo[tenths] & 16) != 0 ? -1.0 : 1.0);
  return up + tenth;
}

static double mulaw_value(uint8_t octet) {
  const int bits = ~octet & 0xFF, magnitude = ((((bits & 15) << 3) + 132) << (bits >> 4 & 7)) - 132;
  return (bits & 0x80) != 0 ? -magnitude : magnitude;
}

static uint8_t mulaw_octet(double value) {
  const int magnitude = (int)fmin(32635, fabs(value)) + 132;
  int segment = 7;
  while (segment > 0 && magnitude < 132 << segment) segment--;
  return (uint8_t)~((value < 0 ? 0x80 : 0) | segment << 4 | (magnitude >> (segment + 3) & 15));
}

static uint8_t amplified(uint8_t octet, double db) {
  return db == 0 ? octet : mulaw_octet(mulaw_value(octet) * pow(10, db / 20));
}

enum { TX_GAIN = 38, RX_GAIN = 39, TX_TENTHS = 40, RX_TENTHS = 41 };

void modules_exchange(const uint8_t *said, uint8_t *heard) {
  for (int pair = 0; pair < PAIRS; pair++) {
    const uint8_t *fxs = modules[pair].registers, *fxo = modules[pair + PAIRS].registers;
    const int feed = fxs[FXS_LINE_FEED] & 7;
    const bool off_hook = (fxo[FXO_HOOK] & HOOK_OFF) != 0;
    const bool talks = !cut[pair] && off_hook && (feed == FEED_ACTIVE || feed == FEED_REVERSE);
    const bool listens = !cut[pair] && !off_hook && (fxo[FXO_HOOK] & HOOK_MONITOR) != 0 && feed != FEED_OPEN && feed != FEED_RINGING && feed != 3 && feed != 7;
    heard[pair] = talks ? amplified(said[pair + PAIRS], gain(fxo, TX_GAIN, TX_TENTHS)) : 0xFF;
    heard[pair + PAIRS] = talks || listens ? amplified(said[pair], gain(fxo, RX_GAIN, RX_TENTHS)) : 0xFF;
  }
}
