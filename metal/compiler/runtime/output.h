/* Text for people: numbers, names and text put one after another into a line, which goes to a stream when it is full
 * or finished. */
#ifndef METAL_OUTPUT_H
#define METAL_OUTPUT_H
#include "metal.h"

struct metal_spec {
    u32 width;
    u8 fill, align, base, precision;
    bool prefixed, upper;
};

/* The bytes of a line are its own, or, when the stream is NO_STREAM, a buffer that is known to be long enough. */
#define NO_STREAM 255
struct metal_line {
    u8 *bytes;
    u64 size, used;
    u8 stream, own[128];
};

/* Where finished text goes: the program's own exported function, or the test harness. */
extern void metal_write(u8 stream, struct Slice_u8 text);

#define METAL_OUTPUT static __attribute__((noinline, unused))

static inline void metal_begin(struct metal_line *line, u8 stream) {
    line->bytes = line->own, line->size = sizeof line->own, line->used = 0, line->stream = stream;
}

static inline void metal_begin_bytes(struct metal_line *line, u8 *bytes, u64 size) {
    line->bytes = bytes, line->size = size, line->used = 0, line->stream = NO_STREAM;
}

METAL_OUTPUT void metal_end(struct metal_line *line) {
    if (line->used > 0) metal_write(line->stream, (struct Slice_u8){line->bytes, line->used});
    line->used = 0;
}

METAL_OUTPUT void metal_put_bytes(struct metal_line *line, const u8 *bytes, u64 count) {
    for (u64 i = 0; i < count; i++) {
        if (line->used == line->size) {
            if (line->stream == NO_STREAM) return;
            metal_end(line);
        }
        line->bytes[line->used++] = bytes[i];
    }
}

METAL_OUTPUT void metal_put_text(struct metal_line *line, struct View_u8 text) { metal_put_bytes(line, text.p, text.n); }

METAL_OUTPUT void metal_put_fill(struct metal_line *line, u64 count, u8 fill) {
    for (; count > 0; count--) metal_put_bytes(line, &fill, 1);
}

/* A sign or prefix and a body, padded to the width. Width counts characters, not bytes. */
METAL_OUTPUT void metal_put_padded(struct metal_line *line, struct View_u8 head, struct View_u8 body, struct metal_spec spec) {
    u64 count = head.n, padding = 0, before = 0;
    for (u64 i = 0; i < body.n; i++) count += (body.p[i] & 0xc0) != 0x80;
    if (spec.width > count) padding = spec.width - count;
    if (spec.align == '>') before = padding;
    if (spec.align == '^') before = padding / 2;
    metal_put_fill(line, before, spec.fill);
    metal_put_text(line, head);
    if (spec.align == '=') metal_put_fill(line, padding, spec.fill), before = padding;
    metal_put_text(line, body);
    metal_put_fill(line, padding - before, spec.fill);
}

METAL_OUTPUT void metal_put_text_as(struct metal_line *line, struct View_u8 text, struct metal_spec spec) {
    metal_put_padded(line, TEXT("", 0), text, spec);
}

/* A Unicode character as UTF-8. */
METAL_OUTPUT void metal_put_character(struct metal_line *line, u64 character, struct metal_spec spec) {
    u8 bytes[4];
    u64 count = character < 0x80 ? 1 : character < 0x800 ? 2 : character < 0x10000 ? 3 : 4;
    for (u64 i = count; i > 1; i--, character >>= 6) bytes[i - 1] = 0x80 | (character & 0x3f);
    bytes[0] = (u8)(count == 1 ? character : (0xf00 >> count & 0xff) | character);
    metal_put_padded(line, TEXT("", 0), (struct View_u8){bytes, count}, spec);
}

METAL_OUTPUT void metal_put_number(struct metal_line *line, u64 size, bool negative, struct metal_spec spec) {
    u8 digits[64], head[3];
    u64 first = sizeof digits, headed = 0;
    if (spec.base == 0) {
        metal_put_character(line, size, spec);
        return;
    }
    do {
        u8 digit = (u8)(size % spec.base);
        digits[--first] = (u8)(digit < 10 ? '0' + digit : (spec.upper ? 'A' : 'a') + digit - 10);
    } while ((size /= spec.base) != 0);
    if (negative) head[headed++] = '-';
    if (spec.prefixed && spec.base != 10) {
        head[headed++] = '0';
        head[headed++] = spec.base == 2 ? 'b' : spec.base == 8 ? 'o' : spec.upper ? 'X' : 'x';
    }
    metal_put_padded(line, (struct View_u8){head, headed}, (struct View_u8){digits + first, sizeof digits - first}, spec);
}

METAL_OUTPUT void metal_put_unsigned_as(struct metal_line *line, u64 value, struct metal_spec spec) {
    metal_put_number(line, value, false, spec);
}

METAL_OUTPUT void metal_put_signed_as(struct metal_line *line, i64 value, struct metal_spec spec) {
    metal_put_number(line, value < 0 ? 0 - (u64)value : (u64)value, value < 0, spec);
}

#define METAL_PLAIN ((struct metal_spec){.fill = ' ', .align = '>', .base = 10})

METAL_OUTPUT void metal_put_unsigned(struct metal_line *line, u64 value) { metal_put_unsigned_as(line, value, METAL_PLAIN); }
METAL_OUTPUT void metal_put_signed(struct metal_line *line, i64 value) { metal_put_signed_as(line, value, METAL_PLAIN); }

#ifdef METAL_FLOATS
/* A float with a fixed number of digits after the point, rounded from its exact value, ties to even, as Python does.
 * The value is m * 2^e; its digits are those of an integer in base 10^9 that is scaled until nothing is lost. */
METAL_OUTPUT void metal_put_float(struct metal_line *line, f64 value, struct metal_spec spec) {
    enum { LIMBS = 122, BASE = 1000000000 };
    union { f64 value; u64 bits; } raw = {value};
    u32 limbs[LIMBS] = {0};
    u8 text[600];
    u64 digits = spec.precision, used = sizeof text;
    i64 exponent = (i64)(raw.bits >> 52 & 0x7ff);
    u64 mantissa = raw.bits & 0xffffffffffffful;
    bool negative = raw.bits >> 63;
    struct View_u8 head = TEXT("-", negative ? 1 : 0);
    if (exponent == 0x7ff) {
        if (spec.fill == '0') spec.fill = ' ', spec.align = '>';
        metal_put_padded(line, mantissa != 0 ? TEXT("", 0) : head, mantissa != 0 ? TEXT("nan", 3) : TEXT("inf", 3), spec);
        return;
    }
    if (exponent != 0) mantissa |= 1ul << 52;
    exponent = (exponent != 0 ? exponent : 1) - 1075;
    limbs[0] = (u32)(mantissa % BASE), limbs[1] = (u32)(mantissa / BASE);
    for (u64 i = 0; i < digits; i++) {
        u64 carry = 0;
        for (u64 k = 0; k < LIMBS; k++) carry += limbs[k] * 10ul, limbs[k] = (u32)(carry % BASE), carry /= BASE;
    }
    for (; exponent > 0; exponent--) {
        u64 carry = 0;
        for (u64 k = 0; k < LIMBS; k++) carry += limbs[k] * 2ul, limbs[k] = (u32)(carry % BASE), carry /= BASE;
    }
    bool half = false, more = false;
    for (; exponent < 0; exponent++) {
        u64 rest = 0;
        more = more || half;
        for (u64 k = LIMBS; k-- > 0;) rest = rest * BASE + limbs[k], limbs[k] = (u32)(rest / 2), rest %= 2;
        half = rest != 0;
    }
    if (half && (more || (limbs[0] & 1) != 0))
        for (u64 k = 0; k < LIMBS && ++limbs[k] == BASE; k++) limbs[k] = 0;
    u64 top = LIMBS;
    while (top > 1 && limbs[top - 1] == 0) top--;
    u64 written = 0;
    for (u64 k = 0; k < top; k++)
        for (u32 i = 0, rest = limbs[k]; i < 9 && (k + 1 < top || rest != 0 || i == 0); i++, rest /= 10) {
            if (written == digits && digits > 0) text[--used] = '.';
            text[--used] = (u8)('0' + rest % 10), written++;
        }
    while (written <= digits) {
        if (written == digits && digits > 0) text[--used] = '.';
        text[--used] = '0', written++;
    }
    metal_put_padded(line, head, (struct View_u8){text + used, sizeof text - used}, spec);
}
#endif

#endif
