/* CRC32C by instruction where the processor has one, by table (slicing by eight) elsewhere. */
#include "csluice.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__aarch64__)
#include <arm_acle.h>
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif

/* The polynomial 0x1EDC6F41 with its bits in reflected order. */
static const uint32_t polynomial = 0x82F63B78;

/* table[k][b] is the CRC of byte b followed by k zero bytes. */
static uint32_t table[8][256];

static void fill_table(void) {
  for (uint32_t byte = 0; byte < 256; byte++) {
    uint32_t crc = byte;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
    table[0][byte] = crc;
  }
  for (uint32_t byte = 0; byte < 256; byte++)
    for (int zeros = 1; zeros < 8; zeros++) {
      uint32_t shorter = table[zeros - 1][byte];
      table[zeros][byte] = (shorter >> 8) ^ table[0][shorter & 0xFF];
    }
}

static uint64_t load_little_endian(const unsigned char *bytes) {
  uint64_t word;
  memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
  word = __builtin_bswap64(word);
#endif
  return word;
}

uint32_t sluice_crc32c_table(uint32_t previous, const void *bytes, size_t count) {
  const unsigned char *next = bytes;
  uint32_t crc = ~previous;
  for (; count >= 8; count -= 8, next += 8) {
    uint64_t word = load_little_endian(next) ^ crc;
    crc = 0;
    for (int index = 0; index < 8; index++) crc ^= table[7 - index][(word >> (8 * index)) & 0xFF];
  }
  for (; count > 0; count--, next++) crc = (crc >> 8) ^ table[0][(crc ^ *next) & 0xFF];
  return ~crc;
}

#if defined(__x86_64__)

__attribute__((target("sse4.2"))) static uint32_t crc32c_by_instruction(uint32_t previous,
                                                                        const void *bytes,
                                                                        size_t count) {
  const unsigned char *next = bytes;
  uint64_t crc = ~previous;
  for (; count >= 8; count -= 8, next += 8) crc = _mm_crc32_u64(crc, load_little_endian(next));
  for (; count > 0; count--, next++) crc = _mm_crc32_u8((uint32_t)crc, *next);
  return ~(uint32_t)crc;
}

static bool has_instruction(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("sse4.2");
}

#elif defined(__aarch64__)

__attribute__((target("crc"))) static uint32_t crc32c_by_instruction(uint32_t previous,
                                                                     const void *bytes,
                                                                     size_t count) {
  const unsigned char *next = bytes;
  uint32_t crc = ~previous;
  for (; count >= 8; count -= 8, next += 8) crc = __crc32cd(crc, load_little_endian(next));
  for (; count > 0; count--, next++) crc = __crc32cb(crc, *next);
  return ~crc;
}

static bool has_instruction(void) { return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0; }

#else

static uint32_t crc32c_by_instruction(uint32_t previous, const void *bytes, size_t count) {
  return sluice_crc32c_table(previous, bytes, count);
}

static bool has_instruction(void) { return false; }

#endif

static uint32_t (*chosen)(uint32_t, const void *, size_t) = sluice_crc32c_table;

__attribute__((constructor)) static void choose(void) {
  fill_table();
  if (has_instruction()) chosen = crc32c_by_instruction;
}

uint32_t sluice_crc32c(uint32_t previous, const void *bytes, size_t count) {
  return chosen(previous, bytes, count);
}

bool sluice_crc32c_is_hardware(void) { return chosen != sluice_crc32c_table; }
