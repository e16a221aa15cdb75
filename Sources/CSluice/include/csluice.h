/* CSluice: what Swift cannot say itself. Instructions (CRC32C; prefetch.h), calls that are macros
   or variadic in C, clocks without a detour, and handlers of signals. No state but the choice of a
   CRC routine made before main, and the terminal that is guarded. Functions that can fail return 0
   or a negative errno, unless they say otherwise. */
#ifndef CSLUICE_H
#define CSLUICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "prefetch.h"

/* CRC32C (Castagnoli), as iSCSI and SSE4.2 compute it. `previous` is the CRC of what comes
   before, 0 at the start: crc(crc(0, a), b) == crc(0, ab). Source: RFC 3720, B.4. */
uint32_t sluice_crc32c(uint32_t previous, const void *bytes, size_t count);
/* The same by table, for machines without the instruction, and to test the other against. */
uint32_t sluice_crc32c_table(uint32_t previous, const void *bytes, size_t count);
/* Whether sluice_crc32c uses an instruction on this machine. */
bool sluice_crc32c_is_hardware(void);

/* Nanoseconds of CLOCK_MONOTONIC: for intervals. */
int64_t sluice_monotonic_nanoseconds(void);
/* Nanoseconds since 1970-01-01T00:00:00Z of CLOCK_REALTIME: for stamps. */
int64_t sluice_realtime_nanoseconds(void);

/* Keeps the calling thread on one processor. */
int sluice_pin_thread(unsigned processor);
/* How many processors the calling thread may run on, at least 1. */
unsigned sluice_processor_count(void);
/* Names the calling thread, for debuggers and top; cut at 15 bytes. */
void sluice_name_thread(const char *name);

/* A write to a closed socket is an error, and no longer a signal that ends the process. */
void sluice_ignore_sigpipe(void);

/* Raises the number of files this process may have open to what the system grants it, and gives
   that number; negative when the system does not say. */
int64_t sluice_raise_open_files(void);

/* accept4(2): the next peer of a listening socket as one that does not block and is not inherited,
   and its address; a negative errno when there is none. `size` as accept(2) has it. */
int sluice_accept(int listener, void *peer, uint32_t *size);

/* A socket of this machine with a file's name. Negative errno when it can't be had; for the
   listener -EADDRINUSE when somebody else listens there. Only the file's owner may connect. */
int sluice_listen_local(const char *path);
int sluice_connect_local(const char *path);
/* The next peer, who it is, and reads and writes of it that end after SLUICE_LOCAL_SECONDS;
   -EAGAIN when there was none for so long. */
#define SLUICE_LOCAL_SECONDS 5
int sluice_accept_local(int listener, int milliseconds, uint32_t *user);
/* What the system calls a user, cut to fit. */
void sluice_user_name(uint32_t user, char *name, size_t count);

/* Puts these modes of a terminal, a struct termios, back when the process dies of a fault of its
   own or of SIGQUIT. One terminal at a time: false while another is guarded. */
bool sluice_guard_terminal(int descriptor, const void *modes);
void sluice_unguard_terminal(void);

/* Makes every page from `bytes` on writable without changing a byte of it, whoever writes there at
   the same time. */
void sluice_touch_pages(void *bytes, size_t count);
/* Copies `count` bytes, at least 8 and to an aligned place, and the first eight of them last: who
   finds those has all of it. */
void sluice_publish(void *to, const void *from, size_t count);

/* A futex: waits while *word == expected, at most `timeout_nanoseconds` (negative: no limit).
   May return early; the caller looks again. */
void sluice_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_nanoseconds);
/* Wakes one waiter of `word`. */
void sluice_futex_wake(uint32_t *word);

#endif
