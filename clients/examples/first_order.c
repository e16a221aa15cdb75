/* A terminal in C, written from docs/PROTOCOL.md alone: logs on, places one order to buy a lot at
 * once (FAK) and prints the account's reports until that order has ended.
 *
 *   cc -std=c11 -O2 -o first_order first_order.c
 *   SLUICE_PASSWORD=... ./first_order 127.0.0.1 7400 desk-1 rb2701 3120
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { HEADERS = 14, LONGEST = 16384, HEARTBEAT_SECONDS = 10 };
enum { LOGON = 1, LOGON_ACCEPTED = 2, LOGOUT = 3, HEARTBEAT = 4, RESUME_COMPLETE = 6,
       RESUME_TRUNCATED = 7, NEW_ORDER = 10, EXECUTION_REPORT = 20, BUSINESS_REJECT = 21 };
static const char *const execTypes[] = {"?", "new", "rejected", "trade", "cancelled",
  "cancelRejected", "pendingUnknown", "resolved", "restated", "workingConfirmed"};

static int gateway;

static void fail(const char *words) { fprintf(stderr, "%s\n", words); exit(1); }

/* All numbers are little-endian but length and encoding. */
static void put(uint8_t *at, uint64_t value, int bytes) {
  for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> 8 * i);
}
static uint64_t get(const uint8_t *at, int bytes) {
  uint64_t value = 0;
  for (int i = bytes; i-- > 0;) value = value << 8 | at[i];
  return value;
}
/* char[n]: the text, filled up with zeros; the frame is all zeros before. */
static void put_text(uint8_t *at, const char *text, size_t room) {
  if (strlen(text) > room) fail("a text is too long for its field");
  memcpy(at, text, strlen(text));
}

/* Sends a frame whose block begins at frame + HEADERS and whose texts, if any, follow it. */
static void send_frame(uint8_t *frame, int template, int block, int texts) {
  uint32_t length = (uint32_t)(HEADERS + block + texts), sent = 0;
  frame[0] = (uint8_t)(length >> 24), frame[1] = (uint8_t)(length >> 16);
  frame[2] = (uint8_t)(length >> 8), frame[3] = (uint8_t)length;
  frame[4] = 0xEB, frame[5] = 0x50;
  put(frame + 6, (uint64_t)block, 2), put(frame + 8, (uint64_t)template, 2);
  put(frame + 10, 1, 2), put(frame + 12, 1, 2); /* schema 1, version 1 */
  while (sent < length) {
    ssize_t count = send(gateway, frame + sent, length - sent, MSG_NOSIGNAL);
    if (count <= 0) fail("the connection broke");
    sent += (uint32_t)count;
  }
}

/* Reads so many bytes; says a word whenever none came for the heartbeat interval. */
static void read_all(uint8_t *into, uint32_t length) {
  for (uint32_t done = 0; done < length;) {
    ssize_t count = recv(gateway, into + done, length - done, 0);
    if (count > 0) done += (uint32_t)count;
    else if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
      uint8_t beat[HEADERS + 8] = {0};
      put(beat + HEADERS, UINT64_C(1) << 63, 8); /* no time */
      send_frame(beat, HEARTBEAT, 8, 0);
    } else fail("the connection broke");
  }
}

/* Reads a frame; its template. The block is as long as its sender says: what a shorter one lacks
 * reads as zeros here, which is null for all that this program looks at. */
static int read_frame(uint8_t *block) {
  static uint8_t frame[LONGEST];
  read_all(frame, 4);
  uint32_t length = (uint32_t)frame[0] << 24 | (uint32_t)frame[1] << 16
    | (uint32_t)frame[2] << 8 | frame[3];
  if (length < HEADERS || length > LONGEST) fail("a frame of a length that cannot be");
  read_all(frame + 4, length - 4);
  if (frame[4] != 0xEB || frame[5] != 0x50 || get(frame + 10, 2) != 1) fail("no frame of ours");
  memset(block, 0, LONGEST);
  memcpy(block, frame + HEADERS, length - HEADERS);
  return (int)get(frame + 8, 2);
}

static void connect_to(const char *host, const char *port) {
  struct addrinfo wanted = {.ai_socktype = SOCK_STREAM}, *found = NULL;
  if (getaddrinfo(host, port, &wanted, &found) != 0) fail("no such address");
  gateway = socket(found->ai_family, SOCK_STREAM, 0);
  struct timeval patience = {.tv_sec = HEARTBEAT_SECONDS};
  int yes = 1;
  if (gateway < 0 || connect(gateway, found->ai_addr, found->ai_addrlen) != 0) fail("nobody there");
  setsockopt(gateway, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  setsockopt(gateway, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  freeaddrinfo(found);
}

static void log_on(const char *account, const char *password) {
  uint8_t frame[512] = {0}, *block = frame + HEADERS;
  size_t length = strlen(password);
  if (length > 128) fail("a password has up to 128 bytes");
  put_text(block, account, 32);
  put_text(block + 40, "first_order.c", 32), put_text(block + 72, "1", 16);
  put(block + 88, 1, 2);                 /* the newest schema version it knows */
  put(block + 90, HEARTBEAT_SECONDS, 2); /* no report seen yet: 0 stays at 92 and 96 */
  put(block + 104, length, 2);
  memcpy(block + 106, password, length); /* behind it an empty dayToken: two zeros */
  send_frame(frame, LOGON, 104, (int)length + 4);
}

/* "3120.5" in units of 0.0001; money is never a floating-point number. */
static int64_t units(const char *text) {
  int64_t value = 0;
  int places = -1, sign = *text == '-' ? -1 : 1;
  if (sign < 0) text++;
  if (!*text) fail("a price is a number");
  for (; (*text >= '0' && *text <= '9') || (*text == '.' && places < 0); text++) {
    if (*text == '.') places = 0;
    else if (places == 4 || value > INT64_MAX / 100000000) break;
    else value = value * 10 + (*text - '0'), places += places >= 0;
  }
  if (*text) fail("a price is a number with up to four decimals");
  for (int i = places < 0 ? 0 : places; i < 4; i++) value *= 10;
  return sign * value;
}

static void place(const char *id, const char *account, const char *instrument, int64_t price) {
  uint8_t frame[HEADERS + 118] = {0}, *block = frame + HEADERS;
  put_text(block, id, 20), put_text(block + 20, account, 32), put_text(block + 52, instrument, 32);
  block[85] = 1, block[86] = 1, block[87] = 1; /* buy, open, speculation; the code says where */
  block[88] = 1, block[89] = 2;                /* limit, immediateOrCancel */
  put(block + 90, (uint64_t)price, 8), put(block + 98, 1, 4); /* one lot */
  put(block + 110, UINT64_C(1) << 63, 8);      /* no sending time */
  send_frame(frame, NEW_ORDER, 118, 0);
}

int main(int count, char **words) {
  static uint8_t block[LONGEST];
  const char *password = getenv("SLUICE_PASSWORD");
  if (count != 6 || !password) {
    fail("usage: SLUICE_PASSWORD=... first_order HOST PORT ACCOUNT INSTRUMENT PRICE");
  }
  int64_t price = units(words[5]);
  char id[21];
  snprintf(id, sizeof id, "c-%lld-%d", (long long)time(NULL), (int)getpid());
  connect_to(words[1], words[2]);
  log_on(words[3], password);
  for (;;) {
    switch (read_frame(block)) {
    case LOGON_ACCEPTED: printf("logged on, trading day %u\n", (unsigned)get(block + 16, 4)); break;
    case RESUME_COMPLETE:
    case RESUME_TRUNCATED: /* what is missed has come */
      place(id, words[3], words[4], price);
      break;
    case EXECUTION_REPORT: {
      unsigned what = block[88], state = block[89];
      printf("report %llu of %.20s: %s, %d filled, %d left", (unsigned long long)get(block, 8),
             (char *)block + 48, execTypes[what < 10 ? what : 0], (int)(int32_t)get(block + 153, 4),
             (int)(int32_t)get(block + 157, 4));
      if (what == 3) printf(", at %lld units of 0.0001", (long long)get(block + 141, 8));
      if (get(block + 213, 2)) {
        printf(", rule %u: observed %lld, limit %lld, asked %lld", (unsigned)get(block + 213, 2),
               (long long)get(block + 217, 8), (long long)get(block + 225, 8),
               (long long)get(block + 233, 8));
      }
      printf("\n");
      if (state < 5 || strncmp((char *)block + 48, id, 20) != 0) break; /* it works, or another's */
      memset(block, 0, 64);
      block[HEADERS] = 1; /* requested */
      send_frame(block, LOGOUT, 7, 2);
      break;
    }
    case BUSINESS_REJECT: printf("refused, rule %u\n", (unsigned)get(block + 22, 2)); return 1;
    case LOGOUT:
      printf("logged out, reason %u, rule %u\n", block[0], (unsigned)get(block + 1, 2));
      return block[0] == 1 ? 0 : 1;
    default: break; /* heartbeats, and what a newer gateway may tell */
    }
  }
}
