#include "bridge.h"

#include <string.h>

#include "modules.h"

enum { DMA_CONTROL = 1, AUX_OUT = 3, INTERRUPT_MASK = 4, INTERRUPT_STATE = 6, AUX_IN = 7, DMA_FROM_HOST = 8, DMA_TO_HOST = 0x18, EXTENDED = 0xC0 };
/* Of the extended ports, four apart: which module is selected, and the revision of the logic behind them. */
enum { EXTENDED_SELECT = 2, EXTENDED_REVISION = 3, REVISION = 0x70 };
/* The serial lines in AUX_OUT, and the one back in AUX_IN. */
enum { LINE_SELECT = 0x04, LINE_CLOCK = 0x08, LINE_OUT = 0x10, LINE_IN = 0x20 };

static uint8_t ports[256], extended[16];
static uint32_t from_host, to_host;
static int half;

/* An octet goes while the module is selected; what it means depends on those before it. */
static struct {
  uint8_t before, in, out;
  int bits;
  bool level;
} serial;

typedef struct {
  int count;
  uint8_t octets[2];
} order_t;
static order_t orders[MODULES];

static int selected(void) {
  for (int n = 0; n < MODULES; n++)
    if (extended[EXTENDED_SELECT] == 1 << n) return n;
  return -1;
}

enum { FXS_READS = 0x80, FXO_WRITE = 0x20, FXO_READ = 0x60 };

/* FXS: address (with a bit for reading), data. FXO: what to do, address, data. */
static void take_octet(int module, uint8_t octet) {
  order_t *order = &orders[module];
  const int address_at = module < PAIRS ? 0 : 1;
  if (module >= PAIRS && order->count == 0 && octet != FXO_WRITE && octet != FXO_READ) return;
  if (order->count <= address_at) {
    order->octets[order->count++] = octet;
    return;
  }
  order->count = 0;
  const bool writes = module < PAIRS ? (order->octets[0] & FXS_READS) == 0 : order->octets[0] == FXO_WRITE;
  if (writes) module_write(module, order->octets[address_at] & 0x7F, octet);
}

static uint8_t octet_to_give(int module) {
  const order_t *order = &orders[module];
  if (module < PAIRS) return order->count == 1 && (order->octets[0] & FXS_READS) != 0 ? module_read(module, order->octets[0] & 0x7F) : 0;
  return order->count == 2 && order->octets[0] == FXO_READ ? module_read(module, order->octets[1] & 0x7F) : 0;
}

static void serial_lines(uint8_t lines) {
  const int module = selected();
  const bool is_selected = (lines & LINE_SELECT) == 0, was_selected = (serial.before & LINE_SELECT) == 0;
  const bool clock = (lines & LINE_CLOCK) != 0, clocked = (serial.before & LINE_CLOCK) != 0;
  serial.before = lines;
  if (is_selected && !was_selected) {
    serial.bits = 0;
    serial.in = 0;
    serial.out = module >= 0 ? octet_to_give(module) : 0xFF;
  }
  if (is_selected && !clock && clocked) serial.level = (serial.out >> (7 - (serial.bits & 7)) & 1) != 0;
  if (is_selected && clock && !clocked) {
    serial.in = (uint8_t)(serial.in << 1 | ((lines & LINE_OUT) != 0 ? 1 : 0));
    serial.bits++;
  }
  if (is_selected || !was_selected || module < 0) return;
  if (serial.bits == 8) take_octet(module, serial.in);
  else orders[module].count = 0;
}

uint8_t bridge_in(uint32_t port) {
  port &= 0xFF;
  if (port == AUX_IN) return serial.level ? LINE_IN : 0;
  if (port < EXTENDED) return ports[port];
  const uint32_t n = (port - EXTENDED) >> 2;
  return n == EXTENDED_REVISION ? REVISION : extended[n];
}

void bridge_out(uint32_t port, const uint8_t *octets, uint32_t count) {
  port &= 0xFF;
  if (count == 4) {
    uint32_t value;
    memcpy(&value, octets, sizeof value);
    if (port == DMA_FROM_HOST) from_host = value;
    if (port == DMA_TO_HOST) to_host = value;
    return;
  }
  if (port == AUX_OUT) serial_lines(octets[0]);
  else if (port == INTERRUPT_STATE) ports[INTERRUPT_STATE] &= (uint8_t)~octets[0];
  else if (port >= EXTENDED) extended[(port - EXTENDED) >> 2] = octets[0];
  else ports[port] = octets[0];
}

bool bridge_interrupts(void) {
  return (ports[INTERRUPT_MASK] & ports[INTERRUPT_STATE]) != 0;
}

void bridge_tick(void *(*memory)(uint64_t address, uint64_t length)) {
  enum { SAMPLES = 8, HALF = SAMPLES * MODULES };
  const bool runs = (ports[DMA_CONTROL] & 1) != 0;
  /* The host has not taken the last millisecond yet: time waits for it. */
  if (runs && bridge_interrupts()) return;
  modules_advance();
  if (!runs) return;
  const uint8_t *said = memory(from_host + (uint32_t)(half * HALF), HALF);
  uint8_t *heard = memory(to_host + (uint32_t)(half * HALF), HALF);
  if (said == NULL || heard == NULL) return;
  for (int n = 0; n < SAMPLES; n++) modules_exchange(said + n * MODULES, heard + n * MODULES);
  ports[INTERRUPT_STATE] |= half == 0 ? 0x05 : 0x0A;
  half ^= 1;
}
