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

_Static_assert(sizeof(u64) == 8 && sizeof(void *) == 8, "typed Python needs a 64-bit machine");

#define METAL_STRING_(...) #__VA_ARGS__
#define METAL_STRING(...) METAL_STRING_(__VA_ARGS__)
#ifdef __clang__
#define METAL_ONCE noinline
#define METAL_SMALL minsize
#define METAL_SURE(condition) __builtin_assume(condition)
#else
#define METAL_ONCE noipa
#define METAL_SMALL optimize("Os")
#define METAL_SURE(condition) do { if (!(condition)) __builtin_unreachable(); } while (0)
#endif
#define LIKELY(condition) __builtin_expect(!!(condition), 1)
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

/* The numbers of metal/types/traps.py, as plain tokens because they end up inside assembly. */
#define TRAP_OVERFLOW 1
#define TRAP_BOUNDS 2
#define TRAP_DIVISION 3
#define TRAP_CONVERSION 4
#define TRAP_SHIFT 5
#define TRAP_ASSERTION 6
#define TRAP_UNREACHABLE 7
#define TRAP_PANIC 8
#define TRAP_SLICE 9

/* A struct at a number: a pointer that is never None, so that a later comparison with None is decided here. */
#define STRUCT_AT(type, address) \
    ({ type struct__ = (type)(address); \
       METAL_SURE(struct__ != 0); \
       struct__; })

/* How a failed check ends. In a program for a device each site is an instruction of its own, so that no two are merged
 * and each keeps its line; the table beside the code says what it means. On the host the test harness is called. */
#ifdef METAL_TRAP_INSTRUCTION
#define TRAP(kind, line) \
    do { \
        __asm__ volatile("1: " METAL_TRAP_INSTRUCTION "\n\t" \
                         ".pushsection .metal_trap, \"a\"\n\t.balign 4\n\t.long 1b - .\n\t.long " METAL_STRING(line) "\n\t" \
                         ".short " METAL_STRING(METAL_FILE) ", " METAL_STRING(TRAP_##kind) "\n\t.popsection"); \
        __builtin_unreachable(); \
    } while (0)
#else
extern void metal_trap(u32 kind, u32 file, u32 line) __attribute__((noreturn, cold));
#define TRAP(kind, line) metal_trap(TRAP_##kind, METAL_FILE, line)
#endif
#define CHECK(condition, kind, line) \
    do { \
        if (UNLIKELY(!(condition))) TRAP(kind, line); \
    } while (0)

/* Arithmetic that must stay inside its type. A literal must not bring in its own type: mixed signs make slow code. */
#define ADD(type, a, b, line) ({ type r__; if (UNLIKELY(__builtin_add_overflow((type)(a), (type)(b), &r__))) TRAP(OVERFLOW, line); r__; })
#define SUB(type, a, b, line) ({ type r__; if (UNLIKELY(__builtin_sub_overflow((type)(a), (type)(b), &r__))) TRAP(OVERFLOW, line); r__; })
#define MUL(type, a, b, line) ({ type r__; if (UNLIKELY(__builtin_mul_overflow((type)(a), (type)(b), &r__))) TRAP(OVERFLOW, line); r__; })
#define NEG(type, a, line) SUB(type, (type)0, a, line)

/* Arithmetic that wraps. It is done in u64, because C would do that of the narrow types in (overflowing) int. */
#define WADD(type, a, b) ((type)((u64)(a) + (u64)(b)))
#define WSUB(type, a, b) ((type)((u64)(a) - (u64)(b)))
#define WMUL(type, a, b) ((type)((u64)(a) * (u64)(b)))
#define WNEG(type, a) ((type)(0 - (u64)(a)))

/* Division as Python has it: rounded down, the remainder with the sign of the divisor. */
#define NONZERO(type, b, line) ({ type d__ = (b); if (UNLIKELY(d__ == 0)) TRAP(DIVISION, line); d__; })
#define DIVU(type, a, b, line) ({ type a__ = (a); (type)(a__ / NONZERO(type, b, line)); })
#define MODU(type, a, b, line) ({ type a__ = (a); (type)(a__ % NONZERO(type, b, line)); })
#define DIVS(type, a, b, line) \
    ({ type a__ = (a), b__ = NONZERO(type, b, line), q__; \
       if (b__ == -1) q__ = NEG(type, a__, line); \
       else { q__ = a__ / b__; if (a__ % b__ != 0 && (a__ < 0) != (b__ < 0)) q__--; } \
       q__; })
#define WDIVS(type, a, b, line) \
    ({ type a__ = (a), b__ = NONZERO(type, b, line), q__; \
       if (b__ == -1) q__ = WNEG(type, a__); \
       else { q__ = a__ / b__; if (a__ % b__ != 0 && (a__ < 0) != (b__ < 0)) q__--; } \
       q__; })
#define MODS(type, a, b, line) \
    ({ type a__ = (a), b__ = NONZERO(type, b, line), m__; \
       if (b__ == -1) m__ = 0; \
       else { m__ = a__ % b__; if (m__ != 0 && (m__ < 0) != (b__ < 0)) m__ += b__; } \
       m__; })

/* Shifts. Types that are signed or that C would widen to int are moved in u64. */
#define COUNT(bits, b, line) ({ u64 n__ = (u64)(b); if (UNLIKELY(n__ >= bits)) TRAP(SHIFT, line); (u32)n__; })
#define SHL(type, bits, a, b, line) ({ type a__ = (a); a__ << COUNT(bits, b, line); })
#define SHL_WIDE(type, bits, a, b, line) ({ u64 a__ = (u64)(a); (type)(a__ << COUNT(bits, b, line)); })
#define SHR(type, bits, a, b, line) ({ type a__ = (a); (type)(a__ >> COUNT(bits, b, line)); })

#define ROTATE_LEFT(type, bits, a, b, line) \
    ({ type a__ = (a); u32 n__ = COUNT(bits, b, line); (type)(a__ << n__ | a__ >> (-n__ & (bits - 1))); })
#define ROTATE_RIGHT(type, bits, a, b, line) \
    ({ type a__ = (a); u32 n__ = COUNT(bits, b, line); (type)(a__ >> n__ | a__ << (-n__ & (bits - 1))); })

#define LEADING_ZEROS(a) ({ u64 a__ = (a); a__ == 0 ? (u64)64 : (u64)__builtin_clzl(a__); })
#define TRAILING_ZEROS(a) ({ u64 a__ = (a); a__ == 0 ? (u64)64 : (u64)__builtin_ctzl(a__); })

/* Conversion that keeps the value: between types of the same signedness, and of different ones. */
#define FIT(type, from, a, line) \
    ({ from a__ = (a); type r__ = (type)a__; if (UNLIKELY((from)r__ != a__)) TRAP(CONVERSION, line); r__; })
#define FIT_SIGN(type, from, a, line) \
    ({ from a__ = (a); type r__ = (type)a__; \
       if (UNLIKELY((from)r__ != a__ || (r__ < 0) != (a__ < 0))) TRAP(CONVERSION, line); \
       r__; })
#define FIT_FLOAT(type, low, high, a, line) \
    ({ f64 a__ = (a); if (UNLIKELY(!(a__ > (low) && a__ < (high)))) TRAP(CONVERSION, line); (type)a__; })

/* Places in arrays and slices. A negative index is a very large one. */
#define INDEX(i, count, line) ({ u64 i__ = (u64)(i); if (UNLIKELY(i__ >= (count))) TRAP(BOUNDS, line); i__; })
#define ITEM(slice, i, line) \
    (*({ __auto_type s__ = (slice); u64 i__ = (u64)(i); if (UNLIKELY(i__ >= s__.n)) TRAP(BOUNDS, line); s__.p + i__; }))

/* Slices are an address p and a number of elements n. */
#define PART(slice, from, to, line) \
    ({ __auto_type s__ = (slice); u64 f__ = (u64)(from), t__ = (u64)(to); \
       if (UNLIKELY(f__ > t__ || t__ > s__.n)) TRAP(SLICE, line); \
       s__.p += f__; s__.n = t__ - f__; s__; })
#define PART_FROM(slice, from, line) \
    ({ __auto_type s__ = (slice); u64 f__ = (u64)(from); if (UNLIKELY(f__ > s__.n)) TRAP(SLICE, line); \
       s__.p += f__; s__.n -= f__; s__; })
#define SLICE_AS(type, slice) ({ __auto_type s__ = (slice); (type){(void *)s__.p, s__.n}; })
#define SAME(left, right) \
    ({ __auto_type l__ = (left); __auto_type r__ = (right); \
       l__.n == r__.n && __builtin_memcmp(l__.p, r__.p, l__.n * sizeof *l__.p) == 0; })
#define COPY(to, from, line) \
    ({ __auto_type t__ = (to); __auto_type f__ = (from); if (UNLIKELY(t__.n != f__.n)) TRAP(SLICE, line); \
       __builtin_memmove(t__.p, f__.p, t__.n * sizeof *t__.p); (void)0; })
#define FILL(to, value) \
    ({ __auto_type t__ = (to); __typeof__(*t__.p) v__ = (value); for (u64 i__ = 0; i__ < t__.n; i__++) t__.p[i__] = v__; })

/* Memory that others may change. What was copied out is private: the barrier keeps the C compiler from fetching it
 * from the shared place a second time, or from storing later than it is told. */
#define METAL_BARRIER __asm__ volatile("" : : : "memory")
#define SHARED_OUT(shared, start, to, line) \
    ({ __auto_type s__ = (shared); u64 f__ = (start); __auto_type t__ = (to); \
       if (UNLIKELY(f__ > s__.n || t__.n > s__.n - f__)) TRAP(SLICE, line); \
       __builtin_memcpy(t__.p, (const void *)(s__.p + f__), t__.n * sizeof *t__.p); METAL_BARRIER; })
#define SHARED_IN(shared, start, from, line) \
    ({ __auto_type s__ = (shared); u64 f__ = (start); __auto_type t__ = (from); \
       if (UNLIKELY(f__ > s__.n || t__.n > s__.n - f__)) TRAP(SLICE, line); \
       __builtin_memcpy((void *)(s__.p + f__), t__.p, t__.n * sizeof *t__.p); METAL_BARRIER; })

/* For loops that checks keep from becoming vector code: several rounds each time around. */
#ifdef __clang__
#define UNROLL _Pragma("clang loop unroll_count(4)")
#else
#define UNROLL _Pragma("GCC unroll 4")
#endif

/* Arithmetic of a question that may be answered with no: overflow sets the flag instead of stopping. */
#define QUIET_ADD(type, a, b, flag) ({ type r__; flag |= __builtin_add_overflow((type)(a), (type)(b), &r__); r__; })
#define QUIET_SUB(type, a, b, flag) ({ type r__; flag |= __builtin_sub_overflow((type)(a), (type)(b), &r__); r__; })
#define QUIET_MUL(type, a, b, flag) ({ type r__; flag |= __builtin_mul_overflow((type)(a), (type)(b), &r__); r__; })

/* The next number of a range, which never leaves the type: the stop comes after the last one. */
#define STEP_UP(type, i, step, stop) ((type)((u64)(stop) - (u64)(i) > (step) ? (u64)(i) + (step) : (u64)(stop)))
#define STEP_DOWN(type, i, step, stop) ((type)((u64)(i) - (u64)(stop) > (step) ? (u64)(i) - (step) : (u64)(stop)))

/* Atomic compare and exchange: whether the old value was found and replaced. */
#define EXCHANGE_IF(type, address, old, new, order, failed) \
    ({ type o__ = (old); __atomic_compare_exchange_n(address, &o__, new, 0, order, failed); })

/* Text, and the slices that the runtime itself speaks of. */
struct Slice_u8 { u8 *p; u64 n; };
struct View_u8 { u8 *p; u64 n; };
#define TEXT(bytes, count) ((struct View_u8){(u8 *)bytes, count})

#endif
