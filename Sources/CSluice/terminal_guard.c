#include "csluice.h"

#include <signal.h>
#include <termios.h>
#include <unistd.h>

/* Faults of the process itself, and the key that asks for a core. */
static const int deadly[] = {SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV, SIGQUIT};
enum { deadly_count = sizeof deadly / sizeof deadly[0] };

static struct sigaction before[deadly_count];
static struct termios found;
static volatile sig_atomic_t guarded = -1;

static void put_back(int signal, siginfo_t *info, void *context) {
  (void)context;
  /* In the background the terminal is another's, and would stop the process instead. */
  pid_t owner = guarded >= 0 ? tcgetpgrp(guarded) : 0;
  if (owner < 0 || owner == getpgrp()) tcsetattr(guarded, TCSANOW, &found);
  for (int index = 0; index < deadly_count; index++)
    if (deadly[index] == signal) sigaction(signal, &before[index], NULL);
  /* A fault happens again by itself, for whoever tells of it; what was sent is sent again. */
  if (info->si_code <= 0) raise(signal);
}

bool sluice_guard_terminal(int descriptor, const void *modes) {
  if (guarded >= 0) return false;
  found = *(const struct termios *)modes;
  guarded = descriptor;
  struct sigaction action = {.sa_sigaction = put_back, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigemptyset(&action.sa_mask);
  for (int index = 0; index < deadly_count; index++)
    sigaction(deadly[index], &action, &before[index]);
  return true;
}

void sluice_unguard_terminal(void) {
  for (int index = 0; index < deadly_count; index++)
    sigaction(deadly[index], &before[index], NULL);
  guarded = -1;
}
