/* What a failed check was, for a program that has to explain it itself: the kernel. */
#ifndef METAL_LOOKUP_H
#define METAL_LOOKUP_H
#include "metal.h"

extern const struct metal_trap_entry { i32 relative; u32 line; u16 file, kind; } __metal_trap_start[], __metal_trap_end[];

/* The check whose instruction is at this address: kind << 48 | file << 32 | line; 0 when it is no check. */
__attribute__((used)) u64 metal_trap_lookup(u64 pc) {
    for (const struct metal_trap_entry *entry = __metal_trap_start; entry < __metal_trap_end; entry++)
        if ((u64)entry + (u64)(i64)entry->relative == pc) return (u64)entry->kind << 48 | (u64)entry->file << 32 | entry->line;
    return 0;
}

static const struct View_u8 metal_files[] = {METAL_FILES};

/* The name of a source file by its number in the program. */
__attribute__((used)) struct View_u8 metal_file_name(u64 file) {
    return file < sizeof metal_files / sizeof *metal_files ? metal_files[file] : TEXT("?", 1);
}

#endif
