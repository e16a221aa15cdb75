#define _GNU_SOURCE
#include "csluice.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

int64_t sluice_monotonic_nanoseconds(void) { return read_clock(CLOCK_MONOTONIC); }

int64_t sluice_realtime_nanoseconds(void) { return read_clock(CLOCK_REALTIME); }

int sluice_pin_thread(unsigned processor) {
  if (processor >= CPU_SETSIZE) return -EINVAL;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(processor, &set);
  return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : -errno;
}

unsigned sluice_processor_count(void) {
  cpu_set_t set;
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  int count = CPU_COUNT(&set);
  return count > 0 ? (unsigned)count : 1;
}

void sluice_name_thread(const char *name) {
  char shortened[16] = {0};
  strncpy(shortened, name, sizeof shortened - 1);
  prctl(PR_SET_NAME, shortened, 0, 0, 0);
}

void sluice_ignore_sigpipe(void) { signal(SIGPIPE, SIG_IGN); }

void sluice_touch_pages(void *bytes, size_t count) {
  const size_t page = 4096;
  for (size_t offset = 0; offset < count; offset += page)
    __atomic_fetch_or((uint8_t *)bytes + offset, 0, __ATOMIC_RELAXED);
}

void sluice_publish(void *to, const void *from, size_t count) {
  uint64_t head;
  memcpy(&head, from, sizeof head);
  memcpy((uint8_t *)to + sizeof head, (const uint8_t *)from + sizeof head, count - sizeof head);
  __atomic_store_n((uint64_t *)to, head, __ATOMIC_RELEASE);
}

int sluice_accept(int listener, void *peer, uint32_t *size) {
  int accepted = accept4(listener, peer, size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  return accepted >= 0 ? accepted : -errno;
}

int64_t sluice_raise_open_files(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) return -errno;
  return (int64_t)limit.rlim_cur;
}

void sluice_futex_wait(uint32_t *word, uint32_t expected, int64_t timeout_nanoseconds) {
  struct timespec timeout = {
      .tv_sec = timeout_nanoseconds / 1000000000,
      .tv_nsec = timeout_nanoseconds % 1000000000,
  };
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected,
          timeout_nanoseconds < 0 ? NULL : &timeout, NULL, 0);
}

void sluice_futex_wake(uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}
