/* What every generated program stands on: integer types, and each check of typed Python as one macro.
 *
 * A macro evaluates each operand once. Its last argument is the line of the Python source; METAL_FILE is the number of
 * the source file in the program's table. Nothing here, and nothing the compiler emits, relies on undefined behaviour. */
#ifndef METAL_H
#define METAL_H

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long u64;
typedef signed char i8;
typedef short i16;
typedef int i32;
typedef long i64;
typedef u8 w8;
typedef u16 w16;
typedef u32 w32;
typedef u64 w64;
typedef float f32;
typedef double f64;
typedef _Bool bool;
#define true ((bool)1)
#define false ((bool)0)
#define NULL ((void *)0)

_Static_assert(sizeof(u64) == 8 && sizeof(void *) == 8, "typed Python needs a 64-bit machine");

#define METAL_STRING_(...) #__VA_ARGS__
#define METAL_STRING(...) METAL_STRING_(__VA_ARGS__)
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* The numbers of metal/types/traps.py. They are spelled out because they end up inside assembly. */
#define OVERFLOW 1
#define BOUNDS 2
#define DIVISION 3
#define CONVERSION 4
#define SHIFT 5
#define ASSERTION 6
#define UNREACHABLE 7
#define PANIC 8
#define SLICE 9

/* How a failed check ends. In a program for a device each site is an instruction of its own, so that no two are merged
 * and each keeps its line; the table beside the code says what it means. On the host the test harness is called. */
#ifdef METAL_TRAP_INSTRUCTION
#define TRAP(kind, line) \
    do { \
        __asm__ volatile("1: " METAL_TRAP_INSTRUCTION "\n\t" \
                         ".pushsection .metal_trap, \"a\"\n\t.balign 4\n\t.long 1b - .\n\t.long " METAL_STRING(line) "\n\t" \
                         ".short " METAL_STRING(METAL_FILE) ", " METAL_STRING(kind) "\n\t.popsection"); \
        __builtin_unreachable(); \
    } while (0)
#else
extern void metal_trap(u32 kind, u32 file, u32 line) __attribute__((noreturn, cold));
#define TRAP(kind, line) metal_trap(kind, METAL_FILE, line)
#endif
#define CHECK(condition, kind, line) \
    do { \
        if (UNLIKELY(!(condition))) TRAP(kind, line); \
    } while (0)

/* Arithmetic that must stay inside its type. */
#define ADD(type, a, b, line) ({ type r_; if (UNLIKELY(__builtin_add_overflow(a, b, &r_))) TRAP(OVERFLOW, line); r_; })
#define SUB(type, a, b, line) ({ type r_; if (UNLIKELY(__builtin_sub_overflow(a, b, &r_))) TRAP(OVERFLOW, line); r_; })
#define MUL(type, a, b, line) ({ type r_; if (UNLIKELY(__builtin_mul_overflow(a, b, &r_))) TRAP(OVERFLOW, line); r_; })
#define NEG(type, a, line) SUB(type, (type)0, a, line)

/* Arithmetic that wraps. It is done in u64, because C would do that of the narrow types in (overflowing) int. */
#define WADD(type, a, b) ((type)((u64)(a) + (u64)(b)))
#define WSUB(type, a, b) ((type)((u64)(a) - (u64)(b)))
#define WMUL(type, a, b) ((type)((u64)(a) * (u64)(b)))
#define WNEG(type, a) ((type)(0 - (u64)(a)))

/* Division as Python has it: rounded down, the remainder with the sign of the divisor. */
#define NONZERO(type, b, line) ({ type d_ = (b); if (UNLIKELY(d_ == 0)) TRAP(DIVISION, line); d_; })
#define DIVU(type, a, b, line) ({ type a_ = (a); (type)(a_ / NONZERO(type, b, line)); })
#define MODU(type, a, b, line) ({ type a_ = (a); (type)(a_ % NONZERO(type, b, line)); })
#define DIVS(type, a, b, line) \
    ({ type a_ = (a), b_ = NONZERO(type, b, line), q_; \
       if (b_ == -1) q_ = NEG(type, a_, line); \
       else { q_ = a_ / b_; if (a_ % b_ != 0 && (a_ < 0) != (b_ < 0)) q_--; } \
       q_; })
#define WDIVS(type, a, b, line) \
    ({ type a_ = (a), b_ = NONZERO(type, b, line), q_; \
       if (b_ == -1) q_ = WNEG(type, a_); \
       else { q_ = a_ / b_; if (a_ % b_ != 0 && (a_ < 0) != (b_ < 0)) q_--; } \
       q_; })
#define MODS(type, a, b, line) \
    ({ type a_ = (a), b_ = NONZERO(type, b, line), m_; \
       if (b_ == -1) m_ = 0; \
       else { m_ = a_ % b_; if (m_ != 0 && (m_ < 0) != (b_ < 0)) m_ += b_; } \
       m_; })

/* Shifts: the bits of a are moved in the unsigned type of the same width. */
#define COUNT(bits, b, line) ({ u64 n_ = (u64)(b); if (UNLIKELY(n_ >= bits)) TRAP(SHIFT, line); (u32)n_; })
#define SHL(type, bits, a, b, line) ({ u64 a_ = (u64)(a); (type)(a_ << COUNT(bits, b, line)); })
#define SHR(type, bits, a, b, line) ({ type a_ = (a); (type)(a_ >> COUNT(bits, b, line)); })

/* Conversion that keeps the value. */
#define FIT(type, from, a, line) \
    ({ from a_ = (a); type r_ = (type)a_; if (UNLIKELY((from)r_ != a_ || (r_ < 0) != (a_ < 0))) TRAP(CONVERSION, line); r_; })
#define FITF(type, low, high, a, line) \
    ({ f64 a_ = (a); if (UNLIKELY(!(a_ > (low) && a_ < (high)))) TRAP(CONVERSION, line); (type)a_; })

/* Places in arrays and slices. A negative index is a very large one. */
#define INDEX(i, count, line) ({ u64 i_ = (u64)(i); if (UNLIKELY(i_ >= (count))) TRAP(BOUNDS, line); i_; })
#define ITEM(slice, i, line) \
    (*({ __auto_type s_ = (slice); u64 i_ = (u64)(i); if (UNLIKELY(i_ >= s_.n)) TRAP(BOUNDS, line); s_.p + i_; }))
#define PART(slice, from, to, line) \
    ({ __auto_type s_ = (slice); u64 f_ = (u64)(from), t_ = (u64)(to); \
       if (UNLIKELY(f_ > t_ || t_ > s_.n)) TRAP(SLICE, line); \
       s_.p += f_; s_.n = t_ - f_; s_; })

/* What a kernel call hands back beside its words. */
typedef struct metal_kernel_result {
    u64 status;
    u64 reply;
} metal_kernel_result;

#endif
