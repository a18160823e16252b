/* Runs every case on a bare 64-bit ARM machine and prints the instructions each executed, as QEMU's cycle counter
 * counts them when one instruction is one cycle (-icount shift=0). */
typedef unsigned long u64;

extern const struct { const char *name; u64 (*run)(void); } cases[];
extern const int case_count;
void prepare(void);

__asm__(".section .text._start, \"ax\"\n"
        ".globl _start\n"
        "_start: mov x0, #(3 << 20)\n"
        "msr cpacr_el1, x0\n"
        "isb\n"
        "ldr x0, =__stack_top\n"
        "mov sp, x0\n"
        "bl run_all\n"
        ".previous");

static u64 semihost(u64 operation, const void *argument) {
    register u64 x0 __asm__("x0") = operation;
    register const void *x1 __asm__("x1") = argument;
    __asm__ volatile("hlt #0xf000" : "+r"(x0) : "r"(x1) : "memory");
    return x0;
}

static void print(const char *text) { semihost(4, text); }

static void print_number(u64 value) {
    char digits[24], *p = digits + 23;
    *p = 0;
    do *--p = (char)('0' + value % 10); while ((value /= 10) != 0);
    print(p);
}

static u64 cycles(void) {
    u64 now;
    __asm__ volatile("isb; mrs %0, pmccntr_el0" : "=r"(now) : : "memory");
    return now;
}

void run_all(void) {
    __asm__ volatile("msr pmccfiltr_el0, xzr; msr pmcntenset_el0, %0; msr pmcr_el0, %1; isb" : : "r"(1ul << 31), "r"(1ul));
    prepare();
    for (int i = 0; i < case_count; i++) {
        u64 before = cycles(), result = cases[i].run(), after = cycles();
        print(cases[i].name), print(" "), print_number(after - before), print(" "), print_number(result), print("\n");
    }
    static const u64 success[2] = {0x20026, 0};
    semihost(0x18, success);
    for (;;) {}
}
