// CRC-32C in three ways: x86-64 with SSE 4.2 and PCLMULQDQ, ARMv8 with its CRC extension, tables for everything else.
//
// The CPU's instruction takes eight bytes, has a latency of three cycles and can start every cycle. One stream uses
// only a third of that, so three neighbouring blocks are summed at once. Their checksums are then joined: appending n
// bytes to a message multiplies its checksum by x^(8n) modulo the polynomial, and the sums of the parts are xored.
//
// Checksums are bit-reflected, as CRC-32C is: bit 31 is the coefficient of x^0. Inside this file "state" means a
// checksum without the final inversion.

#include "CPlatform.h"

#include <pthread.h>
#include <string.h>

#define POLYNOMIAL 0x82F63B78u

/// Bytes of each of the three streams. Large blocks make joining cheap, small ones let short messages profit.
#define LARGE_BLOCK 4096
#define MEDIUM_BLOCK 256
#define SMALL_BLOCK 64

static inline uint64_t load64(const uint8_t *bytes) {
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

// MARK: Arithmetic modulo the polynomial

/// a times b modulo the polynomial, all three reflected.
static uint32_t multiply(uint32_t a, uint32_t b) {
    uint32_t product = 0;
    for (uint32_t bit = 0x80000000u; bit != 0; bit >>= 1) {
        if (a & bit) product ^= b;
        b = (b >> 1) ^ (b & 1 ? POLYNOMIAL : 0);
    }
    return product;
}

/// x^(8 * length) modulo the polynomial, reflected.
static uint32_t shift_factor(uint64_t length) {
    uint32_t factor = 0x80000000u; // x^0
    uint32_t square = 0x00800000u; // x^8
    for (; length != 0; length >>= 1) {
        if (length & 1) factor = multiply(factor, square);
        square = multiply(square, square);
    }
    return factor;
}

uint32_t twinlog_crc32c_combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
    return multiply(shift_factor(length_b), crc_a) ^ crc_b;
}

// MARK: Tables

static uint32_t tables[8][256];
static pthread_once_t tables_once = PTHREAD_ONCE_INIT;

static void fill_tables(void) {
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t state = byte;
        for (int bit = 0; bit < 8; bit++) state = (state >> 1) ^ (state & 1 ? POLYNOMIAL : 0);
        tables[0][byte] = state;
    }
    for (uint32_t byte = 0; byte < 256; byte++) {
        for (int step = 1; step < 8; step++) {
            uint32_t previous = tables[step - 1][byte];
            tables[step][byte] = (previous >> 8) ^ tables[0][previous & 0xFF];
        }
    }
}

uint32_t twinlog_crc32c_table(uint32_t crc, const void *bytes, size_t length) {
    pthread_once(&tables_once, fill_tables);
    const uint8_t *next = bytes;
    uint32_t state = ~crc;
    for (; length >= 8; next += 8, length -= 8) {
        // Bytes are taken one by one, so that this works in either byte order.
        uint32_t low = state ^ (next[0] | (uint32_t)next[1] << 8 | (uint32_t)next[2] << 16 | (uint32_t)next[3] << 24);
        state = tables[7][low & 0xFF] ^ tables[6][low >> 8 & 0xFF] ^ tables[5][low >> 16 & 0xFF] ^ tables[4][low >> 24]
              ^ tables[3][next[4]] ^ tables[2][next[5]] ^ tables[1][next[6]] ^ tables[0][next[7]];
    }
    for (; length > 0; next++, length--) state = (state >> 8) ^ tables[0][(state ^ *next) & 0xFF];
    return ~state;
}

// MARK: x86-64

#if defined(__x86_64__)

#include <nmmintrin.h>
#include <wmmintrin.h>

#define ACCELERATED __attribute__((target("sse4.2,pclmul")))

bool twinlog_crc32c_accelerated(void) {
    return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul");
}

/// Sums 3 * block bytes. `once` and `twice` are x^(8 * block - 33) and x^(16 * block - 33): the carry-less product of
/// two reflected 32-bit values is one bit short of a reflected 64-bit value, and the CRC instruction multiplies by x^32
/// as it reduces, which together make up the missing x^33.
ACCELERATED static inline __attribute__((always_inline)) uint64_t
sum_three(uint64_t state, const uint8_t *next, size_t block, uint32_t once, uint32_t twice) {
    uint64_t a = state, b = 0, c = 0;
    for (const uint8_t *end = next + block; next < end; next += 8) {
        a = _mm_crc32_u64(a, load64(next));
        b = _mm_crc32_u64(b, load64(next + block));
        c = _mm_crc32_u64(c, load64(next + 2 * block));
    }
    __m128i shifted_a = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)a), _mm_cvtsi32_si128((int)twice), 0);
    __m128i shifted_b = _mm_clmulepi64_si128(_mm_cvtsi64_si128((long long)b), _mm_cvtsi32_si128((int)once), 0);
    uint64_t joined = (uint64_t)_mm_cvtsi128_si64(_mm_xor_si128(shifted_a, shifted_b));
    return _mm_crc32_u64(0, joined) ^ c;
}

ACCELERATED static uint32_t sum_accelerated(uint32_t crc, const uint8_t *next, size_t length) {
    uint64_t state = (uint32_t)~crc;
    for (; length >= 3 * LARGE_BLOCK; next += 3 * LARGE_BLOCK, length -= 3 * LARGE_BLOCK)
        state = sum_three(state, next, LARGE_BLOCK, 0x82F89C77u, 0x54A86326u);
    for (; length >= 3 * MEDIUM_BLOCK; next += 3 * MEDIUM_BLOCK, length -= 3 * MEDIUM_BLOCK)
        state = sum_three(state, next, MEDIUM_BLOCK, 0xB9E02B86u, 0xDD7E3B0Cu);
    for (; length >= 3 * SMALL_BLOCK; next += 3 * SMALL_BLOCK, length -= 3 * SMALL_BLOCK)
        state = sum_three(state, next, SMALL_BLOCK, 0x9E4ADDF8u, 0x0D3B6092u);
    for (; length >= 8; next += 8, length -= 8) state = _mm_crc32_u64(state, load64(next));
    for (; length > 0; next++, length--) state = _mm_crc32_u8((uint32_t)state, *next);
    return ~(uint32_t)state;
}

// MARK: ARMv8

#elif defined(__aarch64__)

#if defined(__linux__)
#include <sys/auxv.h>
#ifndef HWCAP_CRC32
#define HWCAP_CRC32 (1 << 7)
#endif
#endif

#define ACCELERATED __attribute__((target("crc")))

bool twinlog_crc32c_accelerated(void) {
#if defined(__APPLE__) || defined(__ARM_FEATURE_CRC32)
    return true;
#elif defined(__linux__)
    return (getauxval(AT_HWCAP) & HWCAP_CRC32) != 0;
#else
    return false;
#endif
}

ACCELERATED static uint32_t sum_accelerated(uint32_t crc, const uint8_t *next, size_t length) {
    uint32_t state = ~crc;
    // Joining in software costs about what 300 bytes do, so only large blocks are split.
    for (; length >= 3 * LARGE_BLOCK; next += 3 * LARGE_BLOCK, length -= 3 * LARGE_BLOCK) {
        uint32_t b = 0, c = 0;
        for (size_t index = 0; index < LARGE_BLOCK; index += 8) {
            state = __builtin_arm_crc32cd(state, load64(next + index));
            b = __builtin_arm_crc32cd(b, load64(next + LARGE_BLOCK + index));
            c = __builtin_arm_crc32cd(c, load64(next + 2 * LARGE_BLOCK + index));
        }
        // x^(8 * 8192) and x^(8 * 4096) modulo the polynomial.
        state = multiply(0x28461564u, state) ^ multiply(0x35D73A62u, b) ^ c;
    }
    for (; length >= 8; next += 8, length -= 8) state = __builtin_arm_crc32cd(state, load64(next));
    for (; length > 0; next++, length--) state = __builtin_arm_crc32cb(state, *next);
    return ~state;
}

// MARK: Other CPUs

#else

bool twinlog_crc32c_accelerated(void) {
    return false;
}

#define sum_accelerated twinlog_crc32c_table

#endif

uint32_t twinlog_crc32c(uint32_t crc, const void *bytes, size_t length) {
    if (!twinlog_crc32c_accelerated()) return twinlog_crc32c_table(crc, bytes, length);
    return sum_accelerated(crc, bytes, length);
}
