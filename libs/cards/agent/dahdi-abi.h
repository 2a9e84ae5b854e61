/*
 * The numbers of DAHDI's user interface that the agent uses, and no others. They are facts, taken from measurements (dahdi-abi.json,
 * equal on x86_64 and aarch64, in DAHDI 2.11 and 3.x), not from its headers. dahdi-abi.test.ts holds every line of this file to them.
 */
#ifndef TIPRING_DAHDI_ABI_H
#define TIPRING_DAHDI_ABI_H

#include <stdint.h>

/* The encoding that Linux has in common on x86_64 and aarch64: direction, size, type, number. */
#define DAHDI_REQUEST(direction, number, size) (((uint32_t)(direction) << 30) | ((uint32_t)(size) << 16) | (0xDAU << 8) | (uint32_t)(number))
#define DAHDI_WRITES(number, type) DAHDI_REQUEST(1, number, sizeof(type))
#define DAHDI_READS(number, type) DAHDI_REQUEST(2, number, sizeof(type))
#define DAHDI_EXCHANGES(number, type) DAHDI_REQUEST(3, number, sizeof(type))

struct dahdi_params {
  int32_t channo, spanno, chanpos, sigtype, sigcap, rxisoffhook, rxbits, txbits, txhooksig, rxhooksig, curlaw, idlebits;
  char name[40];
  int32_t prewinktime, preflashtime, winktime, flashtime, starttime, rxwinktime, rxflashtime, debouncetime;
  int32_t pulsebreaktime, pulsemaketime, pulseaftertime, chan_alarms;
};

struct dahdi_spaninfo {
  int32_t spanno;
  char name[20];
  char desc[40];
  int32_t alarms, txlevel, rxlevel, bpvcount, crc4count, ebitcount, fascount, fecount, cvcount, becount, prbs, errsec;
  int32_t irqmisses, syncsrc, numchans, totalchans, totalspans, lbo, lineconfig;
  char lboname[40];
  char location[40];
  char manufacturer[40];
  char devicetype[40];
  int32_t irq, linecompat;
  char spantype[6];
} __attribute__((packed));

struct dahdi_chanconfig {
  int32_t chan;
  char name[40];
  int32_t sigtype, deflaw, master, idlebits;
  char netdev_name[16];
};

struct dahdi_bufferinfo {
  int32_t txbufpolicy, rxbufpolicy, numbufs, bufsize, readbufs, writebufs;
};

struct dahdi_ring_cadence {
  int32_t ringcadence[16];
};

struct dahdi_dialoperation {
  int32_t op;
  char dialstr[256];
};

struct dahdi_gains {
  int32_t chan;
  uint8_t rxgain[256];
  uint8_t txgain[256];
};

struct dahdi_hwgain {
  int32_t newgain;
  uint32_t tx;
};

struct dahdi_tone_def_header {
  int32_t count, zone;
  int32_t ringcadence[16];
  char name[40];
};

struct dahdi_vmwi_info {
  uint32_t vmwi_type;
};

struct wctdm_stats {
  int32_t tipvolt, ringvolt, batvolt;
};

/* The whole allow-list: device-dahdi.c asks for nothing else. */
#define DAHDI_GET_PARAMS DAHDI_EXCHANGES(5, struct dahdi_params)
#define DAHDI_SET_PARAMS DAHDI_WRITES(5, struct dahdi_params)
#define DAHDI_HOOK DAHDI_WRITES(7, int32_t)
#define DAHDI_GETEVENT DAHDI_READS(8, int32_t)
#define DAHDI_FLUSH DAHDI_WRITES(3, int32_t)
#define DAHDI_SPANSTAT DAHDI_EXCHANGES(10, struct dahdi_spaninfo)
#define DAHDI_SETGAINS DAHDI_WRITES(16, struct dahdi_gains)
#define DAHDI_CHANCONFIG DAHDI_WRITES(19, struct dahdi_chanconfig)
#define DAHDI_SETTONEZONE DAHDI_WRITES(22, int32_t)
#define DAHDI_LOADZONE DAHDI_WRITES(25, struct dahdi_tone_def_header)
#define DAHDI_SET_BUFINFO DAHDI_WRITES(27, struct dahdi_bufferinfo)
#define DAHDI_DIAL DAHDI_WRITES(31, struct dahdi_dialoperation)
#define DAHDI_SPECIFY DAHDI_WRITES(38, int32_t)
#define DAHDI_SETCADENCE DAHDI_WRITES(42, struct dahdi_ring_cadence)
#define DAHDI_ONHOOKTRANSFER DAHDI_WRITES(51, int32_t)
#define DAHDI_SET_HWGAIN DAHDI_WRITES(86, struct dahdi_hwgain)
#define DAHDI_SETPOLARITY DAHDI_WRITES(92, int32_t)
#define DAHDI_VMWI DAHDI_EXCHANGES(94, int32_t)
#define DAHDI_VMWI_CONFIG DAHDI_WRITES(95, struct dahdi_vmwi_info)
#define DAHDI_STARTUP DAHDI_WRITES(99, int32_t)
#define WCTDM_GET_STATS DAHDI_READS(60, struct wctdm_stats)

#define DAHDI_ONHOOK 0
#define DAHDI_OFFHOOK 1
#define DAHDI_FLASH 3
#define DAHDI_RING 5
#define DAHDI_RINGOFF 6

/* An FXO port is signalled as the telephone that it is to the exchange, and the other way about. */
#define DAHDI_SIG_FXSKS 0x2004
#define DAHDI_SIG_FXOKS 0x1020

#define DAHDI_EVENT_NONE 0
#define DAHDI_EVENT_ONHOOK 1
#define DAHDI_EVENT_RINGOFFHOOK 2
#define DAHDI_EVENT_WINKFLASH 3
#define DAHDI_EVENT_DIALCOMPLETE 9
#define DAHDI_EVENT_RINGERON 10
#define DAHDI_EVENT_RINGEROFF 11
#define DAHDI_EVENT_HOOKCOMPLETE 12
#define DAHDI_EVENT_POLARITY 17
#define DAHDI_EVENT_RINGBEGIN 18
#define DAHDI_EVENT_REMOVED 20
#define DAHDI_EVENT_NEONMWI_ACTIVE 21
#define DAHDI_EVENT_NEONMWI_INACTIVE 22
#define DAHDI_EVENT_PULSEDIGIT 0x10000

#define DAHDI_ALARM_RED 8
#define DAHDI_DIAL_OP_REPLACE 2
#define DAHDI_FLUSH_BOTH 3
#define DAHDI_LAW_ALAW 2
#define DAHDI_LAW_MULAW 1
#define DAHDI_MAX_CADENCE 16
#define DAHDI_MAX_SPANS 128
#define DAHDI_POLICY_IMMEDIATE 0
#define DAHDI_VMWI_HVAC 4

#endif
