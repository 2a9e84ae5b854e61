/* A PCI device in this process for an emulator in another one: the messages of the vfio-user protocol that QEMU uses. */
#ifndef TIPRING_CARD_VFIO_USER_H
#define TIPRING_CARD_VFIO_USER_H

#include <stdbool.h>
#include <stdint.h>

enum { CONFIG_OCTETS = 256, PORT_OCTETS = 256 };

extern uint8_t vfio_config[CONFIG_OCTETS];

/* One message from the emulator. False: it is gone. */
bool vfio_serve(int socket);
/* The guest's memory, where it is mapped. */
void *vfio_memory(uint64_t address, uint64_t length);
/* Raises the interrupt when the bridge asks for it and the guest has not masked it. */
void vfio_interrupt(void);

#endif
