/* The same algorithms as kernels.py and scheduler.py, as a C programmer would write them. */
#define REFERENCE
#include "workload.h"

static const u32 K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
static inline u32 rotr(u32 x, int n) { return x >> n | x << (32 - n); }
void sha256_block(u32 *st, u8 *blk) {
    u32 w[64];
    for (int i = 0; i < 16; i++)
        w[i] = (u32)blk[i * 4] << 24 | (u32)blk[i * 4 + 1] << 16 | (u32)blk[i * 4 + 2] << 8 | blk[i * 4 + 3];
    for (int i = 16; i < 64; i++) {
        u32 s0 = rotr(w[i - 15], 7) ^ rotr(w[i - 15], 18) ^ w[i - 15] >> 3;
        u32 s1 = rotr(w[i - 2], 17) ^ rotr(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    u32 a = st[0], b = st[1], c = st[2], d = st[3], e = st[4], f = st[5], g = st[6], h = st[7];
    for (int i = 0; i < 64; i++) {
        u32 t1 = h + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i];
        u32 t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
        h = g; g = f; f = e; e = d + t1; d = c; c = b; b = a; a = t1 + t2;
    }
    st[0] += a; st[1] += b; st[2] += c; st[3] += d; st[4] += e; st[5] += f; st[6] += g; st[7] += h;
}
static u32 crc_table[256];
void crc32_init(void) {
    for (u32 n = 0; n < 256; n++) {
        u32 c = n;
        for (int k = 0; k < 8; k++) c = c & 1 ? 0xEDB88320 ^ c >> 1 : c >> 1;
        crc_table[n] = c;
    }
}
u32 crc32(u8 *p, size_t n) {
    u32 c = 0xFFFFFFFF;
    while (n--) c = crc_table[(c ^ *p++) & 0xFF] ^ c >> 8;
    return c ^ 0xFFFFFFFF;
}
void insertion_sort(i64 *a, size_t n) {
    for (size_t i = 1; i < n; i++) {
        i64 x = a[i];
        size_t j = i;
        for (; j > 0 && a[j - 1] > x; j--) a[j] = a[j - 1];
        a[j] = x;
    }
}
void matmul(i64 *c, i64 *a, i64 *b) {
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            i64 s = 0;
            for (int k = 0; k < 64; k++) s += a[i * 64 + k] * b[k * 64 + j];
            c[i * 64 + j] = s;
        }
}
static i64 matrix_a[64][64], matrix_b[64][64], matrix_c[64][64];
void matrix_set(u64 row, u64 column, i64 a, i64 b) { matrix_a[row][column] = a; matrix_b[row][column] = b; }
void matrix_multiply(void) {
    for (int i = 0; i < 64; i++)
        for (int j = 0; j < 64; j++) {
            i64 s = 0;
            for (int k = 0; k < 64; k++) s += matrix_a[i][k] * matrix_b[k][j];
            matrix_c[i][j] = s;
        }
}
i64 matrix_get(u64 row, u64 column) { return matrix_c[row][column]; }
void copy(u8 *dst, size_t room, u8 *src, size_t n) { (void)room; for (size_t i = 0; i < n; i++) dst[i] = src[i]; }
u64 sieve(u8 *flags, size_t n) {
    u64 count = 0;
    for (size_t i = 0; i < n; i++) flags[i] = 1;
    for (size_t i = 2; i < n; i++)
        if (flags[i]) { count++; for (size_t j = i + i; j < n; j += i) flags[j] = 0; }
    return count;
}
/* scheduler */
typedef struct Task { u32 id, prio, state; u64 slices; struct Task *next; } Task;
typedef struct { Task *head, *tail; } Fifo;
static struct { u32 bitmap; u64 count; Fifo lists[32]; } rq;
static Task tasks[64];
static u64 switches;
static void push(Task *t) {
    Fifo *q = &rq.lists[t->prio];
    t->next = NULL;
    if (q->tail) q->tail->next = t; else q->head = t;
    q->tail = t;
    rq.bitmap |= 1u << t->prio;
    rq.count++;
}
static Task *pop(void) {
    u32 p;
    for (p = 0; p < 32; p++) if (rq.bitmap >> p & 1) break;
    if (p == 32) return NULL;
    Fifo *q = &rq.lists[p];
    Task *t = q->head;
    if (!t) return NULL;
    if (!(q->head = t->next)) { q->tail = NULL; rq.bitmap &= ~(1u << p); }
    rq.count--;
    return t;
}
static void wake(Task *t) { if (t->state != 1) { t->state = 1; push(t); } }
void setup(u32 n) { for (u32 i = 0; i < n; i++) { tasks[i].id = i; tasks[i].prio = i * 7 % 32; wake(&tasks[i]); } }
u64 tick(u64 rounds) {
    u64 check = 0;
    for (u64 r = 0; r < rounds; r++) {
        Task *t = pop();
        if (!t) break;
        t->state = 2; t->slices++; switches++;
        t->prio = (t->prio + 5) % 32;
        check = (check * 31 + t->id) & 0xFFFFFFFF;
        wake(t);
    }
    return check;
}
