/* CRC32C by instruction where the processor has one, by table (slicing by eight) elsewhere.
   One instruction takes three cycles and begins with the result of the one before it, but another
   can begin in every cycle: where a processor also multiplies without carries, three parts of the
   bytes are summed side by side and put together. */
#include "csluice.h"

#include <string.h>

#if defined(__x86_64__)
#include <nmmintrin.h>
#include <wmmintrin.h>
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

/* Words of eight bytes that one of three lanes takes at once, at most. */
enum { lane_words_maximum = 128 };
/* Putting lanes together costs about as much as summing so many bytes in one. */
static const size_t lanes_minimum = 96;

/* shifts[n] is x^(64n - 33) modulo the polynomial, its bits in reflected order: what a CRC is
   multiplied by to stand n words further in front. The product of two reflected numbers lacks a
   factor x, and the instruction that reduces it brings x^32: that is the 33. */
static uint32_t shifts[2 * lane_words_maximum + 1];

static void fill_shifts(void) {
  uint32_t power = 1; /* x^31 */
  for (int words = 1; words <= 2 * lane_words_maximum; words++) {
    shifts[words] = power;
    for (int bit = 0; bit < 64; bit++) power = (power >> 1) ^ (power & 1 ? polynomial : 0);
  }
}

__attribute__((target("sse4.2,pclmul"))) static uint64_t multiplied(uint64_t crc, uint32_t shift) {
  __m128i left = _mm_cvtsi64_si128((int64_t)crc);
  __m128i right = _mm_cvtsi32_si128((int32_t)shift);
  return (uint64_t)_mm_cvtsi128_si64(_mm_clmulepi64_si128(left, right, 0));
}

__attribute__((target("sse4.2,pclmul"))) static uint32_t crc32c_by_lanes(uint32_t previous,
                                                                         const void *bytes,
                                                                         size_t count) {
  const unsigned char *next = bytes;
  uint64_t crc = ~previous;
  while (count >= lanes_minimum) {
    size_t words = count / 24;
    if (words > lane_words_maximum) words = lane_words_maximum;
    size_t length = 8 * words;
    uint64_t second = 0;
    uint64_t third = 0;
    const unsigned char *last = next + length - 8;
    for (; next < last; next += 8) {
      crc = _mm_crc32_u64(crc, load_little_endian(next));
      second = _mm_crc32_u64(second, load_little_endian(next + length));
      third = _mm_crc32_u64(third, load_little_endian(next + 2 * length));
    }
    crc = _mm_crc32_u64(crc, load_little_endian(next));
    second = _mm_crc32_u64(second, load_little_endian(next + length));
    uint64_t before = multiplied(crc, shifts[2 * words]) ^ multiplied(second, shifts[words]);
    crc = _mm_crc32_u64(third, load_little_endian(next + 2 * length) ^ before);
    next += 2 * length + 8;
    count -= 3 * length;
  }
  return crc32c_by_instruction(~(uint32_t)crc, next, count);
}

static uint32_t (*by_instruction(void))(uint32_t, const void *, size_t) {
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.2")) return NULL;
  if (!__builtin_cpu_supports("pclmul")) return crc32c_by_instruction;
  fill_shifts();
  return crc32c_by_lanes;
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

static uint32_t (*by_instruction(void))(uint32_t, const void *, size_t) {
  return getauxval(AT_HWCAP) & HWCAP_CRC32 ? crc32c_by_instruction : NULL;
}

#else

static uint32_t (*by_instruction(void))(uint32_t, const void *, size_t) { return NULL; }

#endif

static uint32_t (*chosen)(uint32_t, const void *, size_t) = sluice_crc32c_table;

__attribute__((constructor)) static void choose(void) {
  fill_table();
  if (by_instruction()) chosen = by_instruction();
}

uint32_t sluice_crc32c(uint32_t previous, const void *bytes, size_t count) {
  return chosen(previous, bytes, count);
}

bool sluice_crc32c_is_hardware(void) { return chosen != sluice_crc32c_table; }
