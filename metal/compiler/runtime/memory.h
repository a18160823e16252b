/* The four memory functions that a C compiler may call without being asked, for programs without a C library. */
#ifndef METAL_MEMORY_H
#define METAL_MEMORY_H
#include "metal.h"

typedef u64 __attribute__((may_alias)) metal_word;

/* The compiler must not recognise these loops and replace them by calls of themselves, nor unroll them: they are
 * written at the length that pays. */
#ifdef __clang__
#define METAL_MEMORY __attribute__((weak, used, noinline, minsize, no_builtin))
#else
#define METAL_MEMORY __attribute__((weak, used, noinline, optimize("Os", "no-tree-loop-distribute-patterns")))
#endif

METAL_MEMORY void *memcpy(void *restrict to, const void *restrict from, u64 count) {
    u8 *t = to;
    const u8 *f = from;
    if ((((u64)t ^ (u64)f) & 7) == 0) {
        for (; count > 0 && ((u64)t & 7) != 0; count--) *t++ = *f++;
        for (; count >= 32; count -= 32, t += 32, f += 32) {
            metal_word a = ((const metal_word *)f)[0], b = ((const metal_word *)f)[1];
            metal_word c = ((const metal_word *)f)[2], d = ((const metal_word *)f)[3];
            ((metal_word *)t)[0] = a, ((metal_word *)t)[1] = b, ((metal_word *)t)[2] = c, ((metal_word *)t)[3] = d;
        }
        for (; count >= 8; count -= 8, t += 8, f += 8) *(metal_word *)t = *(const metal_word *)f;
    }
    while (count-- > 0) *t++ = *f++;
    return to;
}

METAL_MEMORY void *memmove(void *to, const void *from, u64 count) {
    u8 *t = to;
    const u8 *f = from;
    if ((u64)t - (u64)f >= count) {
        /* The target does not begin inside the source, so going upwards never overwrites what is still to be read. */
        if ((((u64)t ^ (u64)f) & 7) == 0) {
            for (; count > 0 && ((u64)t & 7) != 0; count--) *t++ = *f++;
            for (; count >= 8; count -= 8, t += 8, f += 8) *(metal_word *)t = *(const metal_word *)f;
        }
        while (count-- > 0) *t++ = *f++;
    } else {
        t += count, f += count;
        if ((((u64)t ^ (u64)f) & 7) == 0) {
            for (; count > 0 && ((u64)t & 7) != 0; count--) *--t = *--f;
            for (; count >= 8; count -= 8) t -= 8, f -= 8, *(metal_word *)t = *(const metal_word *)f;
        }
        while (count-- > 0) *--t = *--f;
    }
    return to;
}

METAL_MEMORY void *memset(void *to, int value, u64 count) {
    u8 *t = to;
    u64 word = (u64)(u8)value * 0x0101010101010101ul;
    for (; count > 0 && ((u64)t & 7) != 0; count--) *t++ = (u8)value;
    for (; count >= 32; count -= 32, t += 32)
        ((metal_word *)t)[0] = word, ((metal_word *)t)[1] = word, ((metal_word *)t)[2] = word, ((metal_word *)t)[3] = word;
    for (; count >= 8; count -= 8, t += 8) *(metal_word *)t = word;
    while (count-- > 0) *t++ = (u8)value;
    return to;
}

METAL_MEMORY int memcmp(const void *left, const void *right, u64 count) {
    const u8 *l = left, *r = right;
    for (; count > 0; count--, l++, r++)
        if (*l != *r) return *l < *r ? -1 : 1;
    return 0;
}

#endif
