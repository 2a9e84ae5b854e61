#define _GNU_SOURCE
#include "vfio-user.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bridge.h"

typedef struct {
  uint16_t id, command;
  uint32_t size, flags, error;
} header_t;

enum { FLAG_REPLY = 1, FLAG_NO_REPLY = 0x10, FLAG_ERROR = 0x20 };
enum { VERSION = 1, DMA_MAP = 2, DMA_UNMAP = 3, DEVICE_INFO = 4, REGION_INFO = 5, IRQ_INFO = 7, SET_IRQS = 8, REGION_READ = 9, REGION_WRITE = 10, DEVICE_RESET = 13 };
enum { REGION_PORTS = 0, REGION_CONFIG = 7, REGIONS = 9, IRQS = 5, READABLE_WRITABLE = 3, PCI_WITH_RESET = 3 };
/* How an interrupt is set: by which data, to what end. */
enum { IRQ_BY_EVENTFD = 4, IRQ_UNMASK = 0x10, IRQ_TRIGGER = 0x20, IRQ_EVENTFD_MASKABLE_AUTOMASKED = 7 };
enum { MOST_PAYLOAD = 8192, MOST_MAPS = 64, MOST_FDS = 16, LEGACY_CONFIG = 0x40 };

uint8_t vfio_config[CONFIG_OCTETS];

static struct {
  uint64_t address, size;
  uint8_t *octets; /* null: without a file to map */
} maps[MOST_MAPS];
static int map_count;
static int interrupt_fd = -1;
static bool interrupt_masked;

static uint32_t u32(const uint8_t *payload, int n) {
  uint32_t value;
  memcpy(&value, payload + 4 * n, sizeof value);
  return value;
}

static uint64_t u64(const uint8_t *payload, int n) {
  uint64_t value;
  memcpy(&value, payload + 8 * n, sizeof value);
  return value;
}

static void set_u32(uint8_t *reply, int n, uint32_t value) {
  memcpy(reply + 4 * n, &value, sizeof value);
}

static void set_u64(uint8_t *reply, int n, uint64_t value) {
  memcpy(reply + 8 * n, &value, sizeof value);
}

void *vfio_memory(uint64_t address, uint64_t length) {
  for (int n = 0; n < map_count; n++)
    if (maps[n].octets != NULL && address >= maps[n].address && address + length <= maps[n].address + maps[n].size) return maps[n].octets + (address - maps[n].address);
  return NULL;
}

void vfio_interrupt(void) {
  const uint64_t one = 1;
  if (interrupt_fd < 0 || interrupt_masked || !bridge_interrupts()) return;
  interrupt_masked = true;
  if (write(interrupt_fd, &one, sizeof one) < 0) interrupt_masked = false;
}

static void map(const uint8_t *payload, const int *fds, int fd_count) {
  if (map_count < MOST_MAPS) {
    void *octets = fd_count > 0 ? mmap(NULL, u64(payload, 3), PROT_READ | PROT_WRITE, MAP_SHARED, fds[0], (off_t)u64(payload, 1)) : MAP_FAILED;
    maps[map_count].address = u64(payload, 2);
    maps[map_count].size = u64(payload, 3);
    maps[map_count++].octets = octets == MAP_FAILED ? NULL : octets;
  }
  for (int n = 0; n < fd_count; n++) close(fds[n]);
}

static void unmap(const uint8_t *payload) {
  for (int n = 0; n < map_count; n++) {
    if (maps[n].address != u64(payload, 1) || maps[n].size != u64(payload, 2)) continue;
    if (maps[n].octets != NULL) munmap(maps[n].octets, maps[n].size);
    maps[n] = maps[--map_count];
    return;
  }
}

static void set_interrupt(const uint8_t *payload, const int *fds, int fd_count) {
  const uint32_t flags = u32(payload, 1), index = u32(payload, 2), count = u32(payload, 4);
  if (index != 0) return;
  if ((flags & IRQ_BY_EVENTFD) != 0 && (flags & IRQ_TRIGGER) != 0) interrupt_fd = fd_count > 0 ? fds[0] : -1;
  else if (count == 0) interrupt_fd = -1;
  else if ((flags & IRQ_UNMASK) != 0) {
    interrupt_masked = false;
    vfio_interrupt();
  }
}

static uint32_t read_region(const uint8_t *payload, uint8_t *reply) {
  const uint64_t offset = u64(payload, 0);
  const uint32_t region = u32(payload, 2), count = u32(payload, 3);
  memcpy(reply, payload, 16);
  for (uint32_t n = 0; n < count && n < 256; n++) reply[16 + n] = region == REGION_CONFIG ? vfio_config[(offset + n) & 0xFF] : bridge_in((uint32_t)offset + n);
  return 16 + count;
}

static uint32_t write_region(const uint8_t *payload, uint8_t *reply) {
  const uint64_t offset = u64(payload, 0);
  const uint32_t region = u32(payload, 2), count = u32(payload, 3);
  memcpy(reply, payload, 16);
  if (region == REGION_PORTS) bridge_out((uint32_t)offset, payload + 16, count);
  /* Base addresses are the emulator's to keep. */
  else if (offset >= LEGACY_CONFIG || offset < 0x10 || offset == 0x3C)
    for (uint32_t n = 0; n < count; n++) vfio_config[(offset + n) & 0xFF] = payload[16 + n];
  return 16;
}

static const char capabilities[] = "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576,\"max_dma_maps\":64,\"pgsizes\":4096}}";

/* The length of the reply; -1: what it does not know. */
static int32_t obey(uint16_t command, const uint8_t *payload, uint8_t *reply, const int *fds, int fd_count) {
  switch (command) {
    case VERSION:
      memcpy(reply, payload, 4);
      memcpy(reply + 4, capabilities, sizeof capabilities);
      return 4 + (int32_t)sizeof capabilities;
    case DMA_MAP: map(payload, fds, fd_count); return 0;
    case DMA_UNMAP:
      unmap(payload);
      memcpy(reply, payload, 24);
      return 24;
    case DEVICE_INFO:
      set_u32(reply, 0, 16);
      set_u32(reply, 1, PCI_WITH_RESET);
      set_u32(reply, 2, REGIONS);
      set_u32(reply, 3, IRQS);
      return 16;
    case REGION_INFO: {
      const uint32_t region = u32(payload, 2);
      const bool there = region == REGION_PORTS || region == REGION_CONFIG;
      set_u32(reply, 0, 32);
      set_u32(reply, 1, there ? READABLE_WRITABLE : 0);
      set_u32(reply, 2, region);
      set_u64(reply, 2, there ? PORT_OCTETS : 0);
      set_u64(reply, 3, (uint64_t)region << 40);
      return 32;
    }
    case IRQ_INFO: {
      const uint32_t index = u32(payload, 2);
      set_u32(reply, 0, 16);
      set_u32(reply, 1, index == 0 ? IRQ_EVENTFD_MASKABLE_AUTOMASKED : 1);
      set_u32(reply, 2, index);
      set_u32(reply, 3, index == 0 ? 1 : 0);
      return 16;
    }
    case SET_IRQS: set_interrupt(payload, fds, fd_count); return 0;
    case REGION_READ: return (int32_t)read_region(payload, reply);
    case REGION_WRITE: return (int32_t)write_region(payload, reply);
    case DEVICE_RESET: return 0;
    default: return -1;
  }
}

/* All of so many octets, and the descriptors that come with them. */
static bool receive(int socket, void *into, size_t size, int *fds, int *fd_count) {
  for (size_t got = 0; got < size;) {
    char control[CMSG_SPACE(sizeof(int) * MOST_FDS)];
    struct iovec part = {(uint8_t *)into + got, size - got};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    const ssize_t more = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    if (more <= 0) return false;
    for (struct cmsghdr *part_of = CMSG_FIRSTHDR(&message); part_of != NULL; part_of = CMSG_NXTHDR(&message, part_of)) {
      if (part_of->cmsg_type != SCM_RIGHTS) continue;
      const int count = (int)((part_of->cmsg_len - CMSG_LEN(0)) / sizeof(int));
      if (*fd_count + count > MOST_FDS) return false;
      memcpy(fds + *fd_count, CMSG_DATA(part_of), (size_t)count * sizeof(int));
      *fd_count += count;
    }
    got += (size_t)more;
  }
  return true;
}

bool vfio_serve(int socket) {
  static uint8_t payload[MOST_PAYLOAD], answer[sizeof(header_t) + MOST_PAYLOAD];
  header_t header;
  int fds[MOST_FDS], fd_count = 0;
  if (!receive(socket, &header, sizeof header, fds, &fd_count)) return false;
  const uint32_t size = header.size - (uint32_t)sizeof header;
  if (size > sizeof payload || (size > 0 && !receive(socket, payload, size, fds, &fd_count))) return false;
  memset(answer, 0, sizeof answer);
  const int32_t length = obey(header.command, payload, answer + sizeof header, fds, fd_count);
  if ((header.flags & FLAG_NO_REPLY) != 0) return true;
  header.flags = length < 0 ? FLAG_REPLY | FLAG_ERROR : FLAG_REPLY;
  header.error = length < 0 ? ENOSYS : 0;
  header.size = (uint32_t)sizeof header + (length < 0 ? 0 : (uint32_t)length);
  memcpy(answer, &header, sizeof header);
  return write(socket, answer, header.size) == (ssize_t)header.size;
}
