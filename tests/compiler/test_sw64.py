"""Alpha's code becomes SW64's: each instruction is the word that SW64's own decoder takes for it."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from elftools.elf.elffile import ELFFile

from metal.compiler.tools import run_tool
from metal.targets.sw64 import expand
from metal.targets.sw64.encoding import UntranslatableError, encode
from metal.targets.sw64.program import SW64, translate


def memory(opcode: int, first: int, second: int, offset: int) -> int:
    """A load, a store or a calculation of an address."""
    return opcode << 26 | first << 21 | second << 16 | offset & 0xFFFF


def operate(opcode: int, function: int, first: int, second: int, result: int) -> int:
    """An operation on two registers."""
    return opcode << 26 | first << 21 | second << 16 | function << 5 | result


def literal(function: int, first: int, number: int, result: int) -> int:
    """An operation on a register and a number of eight bits."""
    return 0x12 << 26 | first << 21 | number << 13 | function << 5 | result


# What Alpha's assembler takes, and SW64's word, from the fields that the decoder of the public emulator looks at.
SAMPLES = {
    "lda $30, -16($30)": memory(0x3E, 30, 30, -16),  # ldi
    "ldah $29, 3($27)": memory(0x3F, 29, 27, 3),  # ldih
    "ldbu $1, 5($2)": memory(0x20, 1, 2, 5),
    "ldwu $1, 6($2)": memory(0x21, 1, 2, 6),  # ldhu
    "ldl $1, 8($2)": memory(0x22, 1, 2, 8),  # ldw
    "ldq $1, 8($2)": memory(0x23, 1, 2, 8),  # ldl
    "ldq_u $1, 9($2)": memory(0x24, 1, 2, 9),  # ldl_u
    "lds $f1, 4($2)": memory(0x26, 1, 2, 4),  # flds
    "ldt $f1, 8($2)": memory(0x27, 1, 2, 8),  # fldd
    "stb $1, 5($2)": memory(0x28, 1, 2, 5),
    "stw $1, 6($2)": memory(0x29, 1, 2, 6),  # sth
    "stl $1, 8($2)": memory(0x2A, 1, 2, 8),  # stw
    "stq $1, 8($2)": memory(0x2B, 1, 2, 8),  # stl
    "stq_u $1, 9($2)": memory(0x2C, 1, 2, 9),  # stl_u
    "sts $f1, 4($2)": memory(0x2E, 1, 2, 4),  # fsts
    "stt $f1, 8($2)": memory(0x2F, 1, 2, 8),  # fstd
    "1: br $31, 1b": memory(0x04, 31, 0x1F, -1),
    "1: bsr $26, 1b": memory(0x05, 26, 0x1F, -1),
    "1: beq $3, 1b": memory(0x30, 3, 0x1F, -1),
    "1: bne $3, 1b": memory(0x31, 3, 0x1F, -1),
    "1: blt $3, 1b": memory(0x32, 3, 0x1F, -1),
    "1: ble $3, 1b": memory(0x33, 3, 0x1F, -1),
    "1: bgt $3, 1b": memory(0x34, 3, 0x1F, -1),
    "1: bge $3, 1b": memory(0x35, 3, 0x1F, -1),
    "1: blbc $3, 1b": memory(0x36, 3, 0x1F, -1),
    "1: blbs $3, 1b": memory(0x37, 3, 0x1F, -1),
    "1: fbeq $f3, 1b": memory(0x38, 3, 0x1F, -1),
    "1: fbne $f3, 1b": memory(0x39, 3, 0x1F, -1),
    "1: fblt $f3, 1b": memory(0x3A, 3, 0x1F, -1),
    "1: fble $f3, 1b": memory(0x3B, 3, 0x1F, -1),
    "1: fbgt $f3, 1b": memory(0x3C, 3, 0x1F, -1),
    "1: fbge $f3, 1b": memory(0x3D, 3, 0x1F, -1),
    "jsr $26, ($27), 0": memory(0x01, 26, 27, 0),  # call
    "ret $31, ($26), 1": memory(0x02, 31, 26, 0),
    "jmp $31, ($1), 0": memory(0x03, 31, 1, 0),
    "mb": 0x1800_0000,  # memb
    "wmb": 0x1800_0000,
    "trapb": 0x43FF_075F,  # nothing
    "rpcc $5": memory(0x06, 5, 31, 0x20),  # rtc
    "ldl_l $4, 0($5)": memory(0x08, 4, 5, 0x0000),  # lldw
    "ldq_l $4, 0($5)": memory(0x08, 4, 5, 0x1000),  # lldl
    "stl_c $4, 0($5)": memory(0x08, 4, 5, 0x8000),  # lstw
    "stq_c $4, -8($5)": memory(0x08, 4, 5, 0x9FF8),  # lstl
    "addl $1, $2, $3": operate(0x10, 0x00, 1, 2, 3),  # addw
    "subl $1, $2, $3": operate(0x10, 0x01, 1, 2, 3),  # subw
    "s4addl $1, $2, $3": operate(0x10, 0x02, 1, 2, 3),
    "s8subl $1, $2, $3": operate(0x10, 0x05, 1, 2, 3),
    "addq $1, $2, $3": operate(0x10, 0x08, 1, 2, 3),  # addl
    "subq $1, 200, $3": literal(0x09, 1, 200, 3),  # subl
    "s4subq $1, $2, $3": operate(0x10, 0x0B, 1, 2, 3),
    "s8addq $1, $2, $3": operate(0x10, 0x0C, 1, 2, 3),
    "mull $1, $2, $3": operate(0x10, 0x10, 1, 2, 3),  # mulw
    "mulq $1, $2, $3": operate(0x10, 0x18, 1, 2, 3),  # mull
    "umulh $1, $2, $3": operate(0x10, 0x19, 1, 2, 3),
    "cmpeq $1, $2, $3": operate(0x10, 0x28, 1, 2, 3),
    "cmplt $1, 7, $3": literal(0x29, 1, 7, 3),
    "cmple $1, $2, $3": operate(0x10, 0x2A, 1, 2, 3),
    "cmpult $1, $2, $3": operate(0x10, 0x2B, 1, 2, 3),
    "cmpule $1, $2, $3": operate(0x10, 0x2C, 1, 2, 3),
    "and $1, 255, $3": literal(0x38, 1, 255, 3),
    "bic $1, $2, $3": operate(0x10, 0x39, 1, 2, 3),
    "bis $1, $2, $3": operate(0x10, 0x3A, 1, 2, 3),
    "ornot $1, $2, $3": operate(0x10, 0x3B, 1, 2, 3),
    "xor $1, $2, $3": operate(0x10, 0x3C, 1, 2, 3),
    "eqv $1, $2, $3": operate(0x10, 0x3D, 1, 2, 3),
    "insbl $1, $2, $3": operate(0x10, 0x40, 1, 2, 3),  # inslb
    "insql $1, $2, $3": operate(0x10, 0x43, 1, 2, 3),  # insll
    "inswh $1, $2, $3": operate(0x10, 0x45, 1, 2, 3),  # inshh
    "sll $1, 3, $3": literal(0x48, 1, 3, 3),
    "srl $1, $2, $3": operate(0x10, 0x49, 1, 2, 3),
    "sra $1, $2, $3": operate(0x10, 0x4A, 1, 2, 3),
    "extbl $1, $2, $3": operate(0x10, 0x50, 1, 2, 3),  # extlb
    "extwl $1, $2, $3": operate(0x10, 0x51, 1, 2, 3),  # extlh
    "extll $1, $2, $3": operate(0x10, 0x52, 1, 2, 3),  # extlw
    "extql $1, $2, $3": operate(0x10, 0x53, 1, 2, 3),  # extll
    "extqh $1, $2, $3": operate(0x10, 0x57, 1, 2, 3),  # exthl
    "ctpop $2, $3": operate(0x10, 0x58, 31, 2, 3),
    "ctlz $2, $3": operate(0x10, 0x59, 31, 2, 3),
    "cttz $2, $3": operate(0x10, 0x5A, 31, 2, 3),
    "mskbl $1, $2, $3": operate(0x10, 0x60, 1, 2, 3),  # masklb
    "mskqh $1, $2, $3": operate(0x10, 0x67, 1, 2, 3),  # maskhl
    "zap $1, $2, $3": operate(0x10, 0x68, 1, 2, 3),
    "zapnot $1, 15, $3": literal(0x69, 1, 15, 3),
    "sextb $2, $3": operate(0x10, 0x6A, 31, 2, 3),
    "sextw $2, $3": operate(0x10, 0x6B, 31, 2, 3),  # sexth
    "cmpbge $1, $2, $3": operate(0x10, 0x6C, 1, 2, 3),  # cmpgeb
    "ftois $f1, $3": operate(0x10, 0x70, 1, 31, 3),  # fimovs
    "ftoit $f1, $3": operate(0x10, 0x78, 1, 31, 3),  # fimovd
    # The chosen, and as third operand what stays when it is not.
    "cmoveq $1, $2, $3": operate(0x11, 0x00 | 3, 1, 2, 3),  # seleq $1, $2, $3, $3
    "cmovge $1, $2, $3": operate(0x11, 0x20 | 3, 1, 2, 3),
    "cmovgt $1, $2, $3": operate(0x11, 0x40 | 3, 1, 2, 3),
    "cmovle $1, $2, $3": operate(0x11, 0x60 | 3, 1, 2, 3),
    "cmovlt $1, $2, $3": operate(0x11, 0x80 | 3, 1, 2, 3),
    "cmovne $1, 9, $3": 0x13 << 26 | 1 << 21 | 9 << 13 | 5 << 10 | 3 << 5 | 3,
    "cmovlbc $1, $2, $3": operate(0x11, 0xC0 | 3, 1, 2, 3),
    "cmovlbs $1, $2, $3": operate(0x11, 0xE0 | 3, 1, 2, 3),
    "adds/su $f1, $f2, $f3": operate(0x18, 0x00, 1, 2, 3),  # fadds
    "addt/su $f1, $f2, $f3": operate(0x18, 0x01, 1, 2, 3),  # faddd
    "subt $f1, $f2, $f3": operate(0x18, 0x03, 1, 2, 3),
    "muls/su $f1, $f2, $f3": operate(0x18, 0x04, 1, 2, 3),
    "divt/su $f1, $f2, $f3": operate(0x18, 0x07, 1, 2, 3),
    "sqrtt/su $f2, $f3": operate(0x18, 0x09, 31, 2, 3),
    "cmpteq/su $f1, $f2, $f3": operate(0x18, 0x10, 1, 2, 3),
    "cmptle/su $f1, $f2, $f3": operate(0x18, 0x11, 1, 2, 3),
    "cmptlt/su $f1, $f2, $f3": operate(0x18, 0x12, 1, 2, 3),
    "cmptun/su $f1, $f2, $f3": operate(0x18, 0x13, 1, 2, 3),
    "cvtst/s $f2, $f3": operate(0x18, 0x20, 31, 2, 3),  # fcvtsd
    "cvtts/su $f2, $f3": operate(0x18, 0x21, 31, 2, 3),  # fcvtds
    "cvttq/svc $f2, $f3": operate(0x18, 0x24, 31, 2, 3),  # fcvtdl_z
    "cvtqs $f2, $f3": operate(0x18, 0x2D, 31, 2, 3),  # fcvtls
    "cvtqt $f2, $f3": operate(0x18, 0x2F, 31, 2, 3),  # fcvtld
    "cpys $f1, $f2, $f3": operate(0x18, 0x30, 1, 2, 3),
    "cpysn $f1, $f2, $f3": operate(0x18, 0x32, 1, 2, 3),
    "itofs $1, $f3": operate(0x18, 0x40, 1, 31, 3),  # ifmovs
    "itoft $1, $f3": operate(0x18, 0x41, 1, 31, 3),  # ifmovd
    "mf_fpcr $f4": operate(0x18, 0x50, 4, 4, 4),  # rfpcr
    "mt_fpcr $f4": operate(0x18, 0x51, 4, 4, 4),  # wfpcr
    "fcmoveq $f1, $f2, $f3": 0x19 << 26 | 1 << 21 | 2 << 16 | 0x10 << 10 | 3 << 5 | 3,  # fseleq
    "call_pal 0x83": 0x0200_0083,  # sys_call
    "call_pal 0": 0x0200_0000,
    "nop": 0x43FF_075F,
}

REFUSED = {
    "addq/v $1, $2, $3": "an operation on integers",
    "amask $1, $2": "an operation on integers",
    "addt/c $f1, $f2, $f3": "an operation on floating-point numbers",
    "addg $f1, $f2, $f3": "an operation on floating-point numbers",
    "ldq_l $1, 4096($2)": "too large",
    "rc $1": "a miscellaneous instruction",
}


def assembled(lines: list[str], folder: Path) -> list[int]:
    """The words of Alpha's instructions."""
    (folder / "some.s").write_text("\n".join([".set noat", ".set noreorder", *lines, ""]))
    run_tool("alpha-linux-gnu-as", "-mev67", "some.s", "-o", "some.o", folder=folder)
    with (folder / "some.o").open("rb") as file:
        section = ELFFile(file).get_section_by_name(".text")
        assert section is not None
        return list(struct.unpack(f"<{len(lines)}I", section.data()[: 4 * len(lines)]))


def test_each_instruction_is_that_of_sw64(tmp_path: Path) -> None:
    found = dict(zip(SAMPLES, map(encode, assembled(list(SAMPLES), tmp_path)), strict=True))
    wrong = [f"{text}: {found[text]:#010x}, not {word:#010x}" for text, word in SAMPLES.items() if found[text] != word]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("text", "reason"), REFUSED.items())
def test_an_instruction_without_a_counterpart_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    (word,) = assembled([text], tmp_path)
    with pytest.raises(UntranslatableError, match=reason):
        encode(word)


def test_an_exclusive_store_sets_the_flag_and_reads_it(tmp_path: Path) -> None:
    lines = expand("1:\tldq_l $1, 5000($2)\n\tstq_c $3, 5000($2)\n\tbeq $3, 1b").replace("1:\t", "1: ").splitlines()
    assert [encode(word) for word in assembled(lines, tmp_path)] == [
        memory(0x3E, 28, 2, 5000),
        memory(0x08, 1, 28, 0x1000),  # lldl
        memory(0x3E, 28, 31, 1),
        memory(0x06, 28, 31, 0x1020),  # wr_f
        memory(0x3E, 28, 2, 5000),
        memory(0x08, 3, 28, 0x9000),  # lstl
        memory(0x06, 3, 31, 0x1000),  # rd_f
        memory(0x30, 3, 0x1F, -8),
    ]


def test_a_program_keeps_its_addresses_and_its_data(tmp_path: Path) -> None:
    source = ".globl _start\n_start: lda $0, 7($31)\n\tret\n\t.data\n\t.quad 0x123456789abcdef0\n"
    (tmp_path / "some.s").write_text(source)
    run_tool("alpha-linux-gnu-as", "-mev67", "some.s", "-o", "some.o", folder=tmp_path)
    run_tool("alpha-linux-gnu-ld", "some.o", "-o", "some.elf", folder=tmp_path)
    before = (tmp_path / "some.elf").read_bytes()
    after = translate(before)
    (tmp_path / "other.elf").write_bytes(after)
    assert len(after) == len(before)
    with (tmp_path / "some.elf").open("rb") as file, (tmp_path / "other.elf").open("rb") as other:
        alpha, made = ELFFile(file), ELFFile(other)
        assert made["e_machine"] == SW64
        assert made["e_entry"] == alpha["e_entry"]
        text = made.get_section_by_name(".text")
        data, same = alpha.get_section_by_name(".data"), made.get_section_by_name(".data")
        assert text is not None and data is not None and same is not None
        assert text.data()[:8] == struct.pack("<2I", memory(0x3E, 0, 31, 7), memory(0x02, 31, 26, 0))
        assert same.data() == data.data()


def test_a_refusal_says_where(tmp_path: Path) -> None:
    (tmp_path / "some.s").write_text(".globl _start\n_start: nop\n\taddq/v $1, $2, $3\n")
    run_tool("alpha-linux-gnu-as", "-mev67", "some.s", "-o", "some.o", folder=tmp_path)
    run_tool("alpha-linux-gnu-ld", "-Ttext=0x400000", "some.o", "-o", "some.elf", folder=tmp_path)
    with pytest.raises(UntranslatableError, match=re.escape("at 0x400004: 0x40220c03: an operation on integers")):
        translate((tmp_path / "some.elf").read_bytes())
