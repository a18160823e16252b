"""From syntax trees to typed IR: names, types, narrowing and lowering, one file an idea.

`unit` knows the whole program, `body` one function while it is lowered; the rules for kinds of syntax register
themselves in the tables of `body`, so a rule reaches the others through `body.value(node)` and no two files need each
other. To follow a program through: `declarations` (what a module declares), `declared` (its types), `module_values`
(its globals and constants), `functions` (signatures, then bodies); then, for what stands in a body:

    values          places (names, fields, elements), operators, conversions, calls, generics, initials
    knowledge       conditions (what a test teaches), facts (what is known where), unions (taking apart)
    statements      statements, flow (branches, loops, with), patterns (match)
    vocabulary      words (len, assign, ptr_at ...), methods, output (f-strings), devices (registers, atomics, assembly)
    while compiling comptime (const), layout (sizes), contracts (modules that follow a Protocol)

`make` builds nodes with the flags that `body.in_order` needs to keep Python's order of evaluation.
"""
