#define _GNU_SOURCE
#include "csluice.h"

#include <errno.h>
#include <poll.h>
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

static int named(struct sockaddr_un *address, const char *path) {
  memset(address, 0, sizeof *address);
  address->sun_family = AF_UNIX;
  if (strlen(path) >= sizeof address->sun_path) return -ENAMETOOLONG;
  strcpy(address->sun_path, path);
  return 0;
}

static int fresh(void) {
  int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  return made < 0 ? -errno : made;
}

static int failed(int descriptor) {
  int error = -errno;
  close(descriptor);
  return error;
}

/* A peer that says nothing keeps nobody waiting for longer. */
static void be_patient(int descriptor) {
  struct timeval most = {.tv_sec = SLUICE_LOCAL_SECONDS};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &most, sizeof most);
  setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &most, sizeof most);
}

int sluice_connect_local(const char *path) {
  struct sockaddr_un address;
  int error = named(&address, path);
  if (error) return error;
  int made = fresh();
  if (made < 0) return made;
  if (connect(made, (const struct sockaddr *)&address, sizeof address)) return failed(made);
  return made;
}

int sluice_listen_local(const char *path) {
  struct sockaddr_un address;
  int error = named(&address, path);
  if (error) return error;
  int other = sluice_connect_local(path);
  if (other >= 0) {
    close(other);
    return -EADDRINUSE;
  }
  /* Nobody listens there: it was left behind. */
  if (other == -ECONNREFUSED) unlink(path);
  int made = fresh();
  if (made < 0) return made;
  /* Nobody but its owner may connect, from the first moment on. */
  if (fchmod(made, S_IRUSR | S_IWUSR)) return failed(made);
  if (bind(made, (const struct sockaddr *)&address, sizeof address)) return failed(made);
  if (chmod(path, S_IRUSR | S_IWUSR) || listen(made, 4)) return failed(made);
  return made;
}

int sluice_accept_local(int listener, int milliseconds, uint32_t *user) {
  struct pollfd ready = {.fd = listener, .events = POLLIN};
  if (poll(&ready, 1, milliseconds) <= 0) return -EAGAIN;
  int peer = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
  if (peer < 0) return -errno;
  struct ucred who;
  socklen_t size = sizeof who;
  if (getsockopt(peer, SOL_SOCKET, SO_PEERCRED, &who, &size)) return failed(peer);
  be_patient(peer);
  *user = who.uid;
  return peer;
}

void sluice_user_name(uint32_t user, char *name, size_t count) {
  char room[4096];
  struct passwd entry, *found = NULL;
  if (!getpwuid_r(user, &entry, room, sizeof room, &found) && found)
    snprintf(name, count, "%s", found->pw_name);
  else
    snprintf(name, count, "uid %u", user);
}
