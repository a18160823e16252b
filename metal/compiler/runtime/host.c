/* What stands under a program that runs on the machine it was compiled on: traps come back to the caller as a result,
 * output is kept until someone asks for it, kernel calls go to a function that the test provides.
 *
 * With METAL_HOST_PROGRAM it is a whole executable: output is written out, a trap is reported, the status is main's. */
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long u64;
typedef struct { u8 *p; u64 n; } text;
struct Tuple_u64_u64 { u64 status, reply; };

#define STREAMS 3

static jmp_buf *innermost;
static struct { u8 *bytes; u64 used, size; } captured[STREAMS];
u32 metal_trap_report[3];
void (*metal_host_kernel)(u64 operation, u64 handle, u64 reply, u64 *words, u64 *result);

__attribute__((noreturn)) void metal_trap(u32 kind, u32 file, u32 line) {
    metal_trap_report[0] = kind, metal_trap_report[1] = file, metal_trap_report[2] = line;
    if (innermost == NULL) {
        fprintf(stderr, "a check failed outside any call: kind %u, file %u, line %u\n", kind, file, line);
        abort();
    }
    longjmp(*innermost, 1);
}

/* Runs one function; its arguments and result are in the frame. Calls nest: a test's answer may call the program. */
u32 metal_enter(void (*shim)(void *), void *frame) {
    jmp_buf here, *volatile outer = innermost;
    u32 trapped = (u32)_setjmp(here);
    if (!trapped) {
        innermost = &here;
        shim(frame);
    }
    innermost = outer;
    return trapped;
}

__attribute__((weak)) void metal_write(u8 stream, text written) {
#ifdef METAL_HOST_PROGRAM
    fwrite(written.p, 1, written.n, stream == 0 ? stdout : stderr);
#else
    if (stream >= STREAMS) abort();
    if (captured[stream].used + written.n > captured[stream].size) {
        captured[stream].size = 2 * (captured[stream].used + written.n);
        captured[stream].bytes = realloc(captured[stream].bytes, captured[stream].size);
        if (captured[stream].bytes == NULL) abort();
    }
    memcpy(captured[stream].bytes + captured[stream].used, written.p, written.n);
    captured[stream].used += written.n;
#endif
}

/* What a stream holds; it is empty afterwards. The bytes stay valid until the next output. */
text metal_take_output(u8 stream) {
    text all = {captured[stream].bytes, captured[stream].used};
    captured[stream].used = 0;
    return all;
}

struct Tuple_u64_u64 metal_host_kernel_call(u64 operation, u64 handle, u64 reply, u64 *words) {
    u64 result[2] = {0, 0};
    if (metal_host_kernel == NULL) {
        fprintf(stderr, "a kernel call, but this test has no kernel\n");
        abort();
    }
    metal_host_kernel(operation, handle, reply, words, result);
    return (struct Tuple_u64_u64){result[0], result[1]};
}

#ifdef METAL_HOST_PROGRAM
extern void metal_host_main(void *status);
extern const char *const metal_host_files[];
extern const char *const metal_host_kinds[];

int main(void) {
    u32 status = 0;
    u32 trapped = metal_enter(metal_host_main, &status);
    fflush(stdout);
    if (!trapped) return (int)status;
    fprintf(stderr, "%s:%u: %s\n", metal_host_files[metal_trap_report[1]], metal_trap_report[2],
            metal_host_kinds[metal_trap_report[0]]);
    return 126;
}
#endif
