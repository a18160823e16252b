/* One measured function a kernel, each returning a value that proves both sides did the same. */
#include "workload.h"

#define MEASURED __attribute__((noinline)) u64

static u8 source[1 << 16], target[1 << 16];
static i64 numbers[1024], a[4096], b[4096], c[4096];

void prepare(void) {
    u32 x = 12345;
    for (int i = 0; i < 1 << 16; i++) x = x * 1664525 + 1013904223, source[i] = x >> 24;
    for (int i = 0; i < 4096; i++) a[i] = source[i], b[i] = source[i + 4096];
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) matrix_set(i, j, a[i * 64 + j], b[i * 64 + j]);
    for (int i = 0; i < 1024; i++) numbers[i] = (i64)source[i] * 256 + source[i + 1];
    crc32_init();
    setup(64);
}

MEASURED run_sha256(void) {
    u32 state[8] = {1, 2, 3, 4, 5, 6, 7, 8};
    for (int i = 0; i < 1024; i++) sha256_block(PASS(u32, state, 8), PASS(u8, source + i * 64, 64));
    return state[0];
}

MEASURED run_crc32(void) { return crc32(PASS_SIZED(u8, source, sizeof source)); }

MEASURED run_sort(void) {
    insertion_sort(PASS_SIZED(i64, numbers, 1024));
    return (u64)numbers[512];
}

MEASURED run_copy(void) {
    copy(PASS_SIZED(u8, target, sizeof target), PASS_SIZED(u8, source, sizeof source));
    return target[777];
}

MEASURED run_sieve(void) { return sieve(PASS_SIZED(u8, target, sizeof target)); }

MEASURED run_scheduler(void) { return tick(20000); }

MEASURED run_matmul_slices(void) {
    matmul(PASS(i64, c, 4096), PASS(i64, a, 4096), PASS(i64, b, 4096));
    return (u64)c[77];
}

MEASURED run_matmul_arrays(void) {
    matrix_multiply();
    return (u64)matrix_get(1, 13);
}

const struct { const char *name; u64 (*run)(void); } cases[] = {
    {"sha256", run_sha256}, {"crc32", run_crc32}, {"sort", run_sort}, {"copy", run_copy}, {"sieve", run_sieve},
    {"scheduler", run_scheduler}, {"matmul_slices", run_matmul_slices}, {"matmul_arrays", run_matmul_arrays},
};
const int case_count = sizeof cases / sizeof *cases;
