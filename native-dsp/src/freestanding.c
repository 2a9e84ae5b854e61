/* What the compiler may call by itself. With bulk memory each is one instruction. Natively libc has them. */
#include "dsp.h"

#ifdef __wasm__
void *memset(void *to, int byte, size_t count) { return __builtin_memset(to, byte, count); }
void *memcpy(void *restrict to, const void *restrict from, size_t count) { return __builtin_memcpy(to, from, count); }
void *memmove(void *to, const void *from, size_t count) { return __builtin_memmove(to, from, count); }
#endif
