/*
 * A proxy that does nothing but forward bytes between two sockets: the floor that any gateway
 * between a terminal and a counter has. Same conditions as the gateway: one thread, one epoll
 * loop with blocking waits, TCP_NODELAY, loopback.
 *
 *   proxy LISTEN_PORT UPSTREAM_PORT
 *
 * LISTEN_PORT 0 takes a free one. Prints "ready PORT" once it listens; ends when its parent's
 * pipe on standard input closes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { pair_maximum = 64, buffer_size = 65536 };

struct end {
  int descriptor;
  struct end *other;
};

static struct end ends[pair_maximum * 2];
static int end_count;
static char buffer[buffer_size];

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void no_delay(int descriptor) {
  int on = 1;
  if (setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0) fail("TCP_NODELAY");
}

static struct sockaddr_in loopback(uint16_t port) {
  struct sockaddr_in address;
  memset(&address, 0, sizeof address);
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

static void watch(int loop, int descriptor, void *data) {
  struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = data}};
  if (epoll_ctl(loop, EPOLL_CTL_ADD, descriptor, &event) != 0) fail("epoll_ctl");
}

static void accept_pair(int loop, int listener, uint16_t upstream_port) {
  int client = accept(listener, NULL, NULL);
  if (client < 0) fail("accept");
  int upstream = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = loopback(upstream_port);
  if (upstream < 0 || connect(upstream, (struct sockaddr *)&address, sizeof address) != 0 ||
      end_count + 2 > pair_maximum * 2) {
    close(client);
    if (upstream >= 0) close(upstream);
    return;
  }
  no_delay(client);
  no_delay(upstream);
  struct end *near = &ends[end_count++];
  struct end *far = &ends[end_count++];
  *near = (struct end){client, far};
  *far = (struct end){upstream, near};
  watch(loop, client, near);
  watch(loop, upstream, far);
}

static void forward(struct end *from) {
  ssize_t got = read(from->descriptor, buffer, sizeof buffer);
  if (got <= 0) {
    close(from->descriptor);
    close(from->other->descriptor);
    return;
  }
  for (ssize_t sent = 0; sent < got;) {
    ssize_t count = write(from->other->descriptor, buffer + sent, (size_t)(got - sent));
    if (count < 0 && errno != EINTR) return;
    if (count > 0) sent += count;
  }
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "usage: proxy LISTEN_PORT UPSTREAM_PORT\n");
    return 2;
  }
  uint16_t upstream_port = (uint16_t)atoi(arguments[2]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = loopback((uint16_t)atoi(arguments[1]));
  if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
  if (listen(listener, 16) != 0) fail("listen");
  socklen_t size = sizeof address;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("ready %d\n", ntohs(address.sin_port));
  fflush(stdout);

  int loop = epoll_create1(0);
  if (loop < 0) fail("epoll_create1");
  static struct end listening, input;
  watch(loop, listener, &listening);
  watch(loop, STDIN_FILENO, &input);
  for (;;) {
    struct epoll_event events[64];
    int ready = epoll_wait(loop, events, 64, -1);
    if (ready < 0 && errno != EINTR) fail("epoll_wait");
    for (int index = 0; index < ready; index++) {
      void *data = events[index].data.ptr;
      if (data == &input) {
        if (read(STDIN_FILENO, buffer, sizeof buffer) <= 0) return 0;
      } else if (data == &listening) {
        accept_pair(loop, listener, upstream_port);
      } else {
        forward(data);
      }
    }
  }
}
