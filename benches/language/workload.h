/* The same work for both sides: hand-written C takes pointers, typed Python takes slices. */
#include <stddef.h>
#include <stdint.h>
typedef uint8_t u8;
typedef uint32_t u32;
typedef uint64_t u64;
typedef int64_t i64;

#ifdef REFERENCE
#define SLICE(type, name) type *name
#define SIZED(type, name) type *name, size_t name##_count
#define PASS(type, pointer, count) pointer
#define PASS_SIZED(type, pointer, count) pointer, count
#else
typedef struct { u8 *p; u64 n; } slice_u8;
typedef struct { u32 *p; u64 n; } slice_u32;
typedef struct { i64 *p; u64 n; } slice_i64;
#define SLICE(type, name) slice_##type name
#define SIZED(type, name) slice_##type name
#define PASS(type, pointer, count) (slice_##type){pointer, count}
#define PASS_SIZED(type, pointer, count) (slice_##type){pointer, count}
#endif

void sha256_block(SLICE(u32, state), SLICE(u8, block));
void crc32_init(void);
u32 crc32(SIZED(u8, data));
void insertion_sort(SIZED(i64, a));
void matmul(SLICE(i64, c), SLICE(i64, a), SLICE(i64, b));
void matrix_set(u64 row, u64 column, i64 a, i64 b);
void matrix_multiply(void);
i64 matrix_get(u64 row, u64 column);
void copy(SIZED(u8, to), SIZED(u8, from));
u64 sieve(SIZED(u8, flags));
void setup(u32 count);
u64 tick(u64 rounds);
