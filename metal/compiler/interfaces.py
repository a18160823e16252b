"""The stubs of `@interface` services: an interface class becomes the caller's side, `serve` gets the server's side.

This pass rewrites syntax trees before names are resolved, so everything after it sees ordinary typed Python:

* `@interface class Lamp` becomes a struct over a connection whose methods send their arguments and take the result;
* `connect(Lamp, "lamp")` becomes a call of the function that finds the connection;
* `serve(Lamp, lamp, "lamp")` gets a function that takes a message apart, calls the object's method and answers.

One call is one message, whether a function of the same program or another process answers it: the contract is the same
because the road is the same up to the last step.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from metal.compiler.carried import Declared, Find, Value, referred
from metal.compiler.signatures import Method, methods_of, without_error

Load = Callable[[str], ast.Module | None]
Node = TypeVar("Node", bound=ast.AST)

FACES = frozenset({"system.app", "abi.interface", "system.runtime.interfaces"})
"""The modules whose names this pass gives a meaning; what they say to an editor is not compiled."""

STUBS = "system.runtime.stubs"
"""The module that the generated code stands on."""

MAGIC_NAMES = frozenset({"interface", "idempotent", "posted", "connect", "serve", "offer"})
PREFIX = "motet_"


@dataclass(frozen=True)
class Problem:
    """A mistake in the use of an interface: where, what, and what to do."""

    node: ast.AST
    message: str
    cure: str


def expand(module: str, tree: ast.Module, load: Load) -> list[Problem]:
    """Rewrites one module in place; `load` gives the unchanged tree of another module."""
    if module in FACES:
        tree.body = [node for node in tree.body if not _only_for_editors(node)]
    imported = _magic_imports(tree)
    return _Expansion(module, tree, load, imported).run() if imported else []


def placement_source(modules: list[str]) -> str:
    """The module that gives a program the services placed inside it: each one's `main` registers its objects."""
    lines = ['"""Services placed as functions of this program."""', ""]
    lines += [f"from {module} import main as {PREFIX}main_{index}" for index, module in enumerate(modules)]
    lines += ["", "", "def register_all() -> None:", '    """Lets each service register its object."""']
    lines += [f"    {PREFIX}main_{index}()" for index in range(len(modules))] or ["    pass"]
    return "\n".join(lines) + "\n"


def entry_source(module: str, source: str) -> str:
    """The module that calls an app's `main`, whichever of the accepted forms it has; ValueError says what is wrong."""
    tree = ast.parse(source)
    mains = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "main"]
    if not mains:
        raise ValueError(f"{module} has no main: write def main() -> None, or def main(arguments: Arguments) -> u8")
    parameters = [*mains[0].args.posonlyargs, *mains[0].args.args]
    returns = ast.unparse(mains[0].returns) if mains[0].returns is not None else "None"
    if len(parameters) > 1 or returns not in ("None", "u8", "NoReturn"):
        raise ValueError(f"{module}: main is def main() -> None, or def main(arguments: Arguments) -> u8")
    call = "main(arguments)" if parameters else "main()"
    body = [f"    return {call}"] if returns == "u8" else [f"    {call}"]
    if returns == "None":
        body.append("    return 0")
    return "\n".join([
        '"""Calls the main function of this program."""', "",
        f"from {module} import main",
        "from metal import u8",
        "from system.runtime.arguments import Arguments", "", "",
        "def run(arguments: Arguments) -> u8:",
        '    """Runs the program; the result is its exit status."""',
        *body, "",
    ])  # fmt: skip


def _only_for_editors(node: ast.stmt) -> bool:
    """Whether a statement declares one of the names that exist for this pass, or a type variable for them."""
    if isinstance(node, ast.FunctionDef):
        return node.name in MAGIC_NAMES
    return isinstance(node, ast.Assign) and ast.unparse(node.value).startswith("TypeVar(")


def _magic_imports(tree: ast.Module) -> dict[str, str]:
    """Local name -> meaning, for the names imported from the public face."""
    found: dict[str, str] = {}
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module in FACES:
            found.update({a.asname or a.name: a.name for a in node.names if a.name in MAGIC_NAMES})
    return found


class _Expansion:
    """The rewriting of one module."""

    def __init__(self, module: str, tree: ast.Module, load: Load, magic: dict[str, str]) -> None:
        self.module, self.tree, self.load, self.magic = module, tree, load, magic
        self.problems: list[Problem] = []
        self.needed: set[str] = set()
        self.added: list[ast.stmt] = []
        self.helpers: set[str] = set()
        self.connects = 0
        self.served: dict[tuple[str, str], str] = {}
        self.own = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.extra_imports: dict[str, dict[str, str | None]] = {}

    def run(self) -> list[Problem]:
        """Interfaces first, then the calls that name them, then the imports that the new code needs."""
        body: list[ast.stmt] = []
        for node in self.tree.body:
            if isinstance(node, ast.ClassDef) and self._is_interface(node):
                body += self._client(node)
            else:
                body.append(node)
        self.tree.body = body
        _Calls(self).visit(self.tree)
        self.tree.body = self._with_imports(self.tree.body) + self.added
        ast.fix_missing_locations(self.tree)
        return self.problems

    def problem(self, node: ast.AST, message: str, cure: str) -> None:
        """Notes a mistake; the pass goes on, so that all of them are shown."""
        self.problems.append(Problem(node, message, cure))

    def _is_interface(self, node: ast.ClassDef) -> bool:
        return any(isinstance(d, ast.Name) and self.magic.get(d.id) == "interface" for d in node.decorator_list)

    def _with_imports(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """The module's imports without the names that exist only for this pass, with those the new code uses."""
        result: list[ast.stmt] = []
        last_import = 0
        for node in body:
            if isinstance(node, ast.ImportFrom) and node.module in FACES:
                node.names = [alias for alias in node.names if alias.name not in MAGIC_NAMES]
                if not node.names:
                    continue
            result.append(node)
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                last_import = len(result)
        added: list[ast.stmt] = (
            [ast.ImportFrom(STUBS, [ast.alias(name, PREFIX + name) for name in sorted(self.needed)], 0)]
            if self.needed
            else []
        )
        for module, names in self.extra_imports.items():
            added.append(ast.ImportFrom(module, [ast.alias(name, local) for name, local in sorted(names.items())], 0))
        place = last_import or (1 if _has_docstring(result) else 0)
        anchor = result[place - 1] if place else None
        for node in added:
            _place(node, anchor)
        return result[:place] + added + result[place:]

    def use(self, name: str) -> str:
        """The local spelling of a helper, which is imported because of it."""
        self.needed.add(name)
        return PREFIX + name

    def _client(self, node: ast.ClassDef) -> list[ast.stmt]:
        """The struct that calls the service, and the function that `connect` becomes."""
        methods, problems = methods_of(node, self.magic, self._find_from(self.module))
        for where, message, cure in problems:
            self.problem(where, message, cure)
        lines = ["@struct", f"class {node.name}:", f"    connection: {self.use('Connection')} = "
                 f"{self.use('Connection')}()"]  # fmt: skip
        lines += self._result_storage([method for method in methods if method.result is not None])
        stub = _parse("\n".join(lines))
        made = stub[0]
        assert isinstance(made, ast.ClassDef)
        made.body = [*_docstring(node), *made.body]
        for method in methods:
            made.body += [_place(part, method.node) for part in _parse(self._client_method(node.name, method))]
        finder = _parse(
            f"def {PREFIX}connect_{node.name}({PREFIX}made: {self.use('Slice')}[{node.name}], name: str, "
            f"timeout: {self.use('u64')}) -> {self.use('Ptr')}[{node.name}] | {self.use('CallError')}:\n"
            f"    {PREFIX}index = {self.use('find_connection')}(name)\n"
            f"    if isinstance({PREFIX}index, {self.use('CallError')}):\n"
            f"        return {PREFIX}index\n"
            f"    {PREFIX}client = {PREFIX}made[{PREFIX}index % len({PREFIX}made)]\n"
            f"    {PREFIX}client.connection.open({PREFIX}index, timeout)\n"
            f"    return {PREFIX}client\n"
        )
        _place(made, node)
        return [_place(part, node) for part in [made, *finder]]

    def _result_storage(self, methods: list[Method]) -> list[str]:
        """The fields of a client that keep results which are no single word, until the next call through it."""
        lines: list[str] = []
        for method in methods:
            if method.result is not None and method.result.fields:
                lines.append(f"    {PREFIX}{method.name}: {method.result.annotation} = {method.result.annotation}()")
        if any(method.result is not None and method.result.bytes_like for method in methods):
            lines.append(f"    {PREFIX}bytes: {self.use('Array')}[{self.use('u8')}] = "
                         f"{self.use('array')}({self.use('MESSAGE_BYTES')})")  # fmt: skip
        return lines

    def _client_method(self, interface: str, method: Method) -> str:
        """One call: arguments into a message, the message to the service, the result out of it."""
        message, call_error = self.use("Message"), self.use("CallError")
        head = ", ".join(["self", *(f"{p.name}: {p.annotation}" for p in method.parameters)])
        lines = [f"def {method.name}({head}) -> {method.returns}:", f"    {PREFIX}m = {message}()",
                 f"    {PREFIX}m.begin({method.identity(interface)})"]  # fmt: skip
        for parameter in method.parameters:
            lines.append(f"    {self._put(method.node, f'{PREFIX}m', parameter, parameter.name)}")
        if method.result is not None:
            lines.append(f"    {PREFIX}m.expect({method.result.words})")
        way = f"post({PREFIX}m)" if method.posted else f"call({PREFIX}m, {method.idempotent})"
        lines += [f"    {PREFIX}failed = self.connection.{way}",
                  f"    if {PREFIX}failed is not None:", f"        return {PREFIX}failed"]  # fmt: skip
        for parameter in method.parameters:
            if parameter.filled:
                lines.append(f"    {PREFIX}m.take_filled({parameter.name})")
        if method.result is None:
            lines.append("    return None")
        else:
            taken, result = self._take_result(method, method.result)
            lines += [*taken, f"    if {PREFIX}m.spoiled:", f"        return {call_error}.REFUSED",
                      f"    return {result}"]  # fmt: skip
        return "\n".join(lines)

    def _take_result(self, method: Method, result: Value) -> tuple[list[str], str]:
        """The statements that take a result out of the answer, and the expression for it."""
        if result.fields:
            storage = f"self.{PREFIX}{method.name}"
            return [f"    {self._take_into(method.node, f'{PREFIX}m', result, storage)}"], storage
        for name in result.needs:
            self.use(name)
        if result.bytes_like:
            taken = f"{PREFIX}m.{result.taker}(self.{PREFIX}bytes, 0)"
            return [f"    {PREFIX}end = {taken}"], result.view(f"self.{PREFIX}bytes[0:{PREFIX}end]", PREFIX)
        self._enum_takers(method.node, result)
        return [f"    {PREFIX}result = {result.take(f'{PREFIX}m', PREFIX)}"], f"{PREFIX}result"

    def _put(self, node: ast.AST, message: str, value: Value, expression: str) -> str:
        """The statement that appends a value to a message; a struct has a function for it."""
        for needed in value.widens:
            self.use(needed)
        if not value.fields:
            return f"{message}.{value.put(expression, PREFIX)}"
        name = f"{PREFIX}put_{value.annotation}"
        if name not in self.helpers:
            self.helpers.add(name)
            head = f"def {name}({PREFIX}m: {self.use('Ptr')}[{self.use('Message')}], {PREFIX}value: " \
                   f"{self.use('Ptr')}[{value.annotation}]) -> None:"  # fmt: skip
            self._add(node, [head, *value.put_all(f"{PREFIX}m", f"{PREFIX}value", PREFIX)])
        return f"{name}({message}, {expression})"

    def _take_into(self, node: ast.AST, message: str, value: Value, target: str) -> str:
        """The statement that takes a struct out of a message into storage."""
        for needed in value.needs:
            self.use(needed)
        self._enum_takers(node, value)
        name = f"{PREFIX}take_{value.annotation}"
        if name not in self.helpers:
            self.helpers.add(name)
            head = f"def {name}({PREFIX}m: {self.use('Ptr')}[{self.use('Message')}], {PREFIX}value: " \
                   f"{self.use('Ptr')}[{value.annotation}]) -> None:"  # fmt: skip
            self._add(node, [head, *value.take_all(f"{PREFIX}m", f"{PREFIX}value", PREFIX)])
        return f"{name}({message}, {target})"

    def _add(self, node: ast.AST, lines: list[str]) -> None:
        """Appends a function to the module; the first line is its head."""
        source = "\n    ".join(lines)
        self.added += [_place(part, node) for part in _parse(source)]

    def connections(self, call: ast.Call, interface: str) -> str:
        """The global that keeps what one call of `connect` gives, so that two calls give two objects.

        A call with a constant name reaches one service, and needs one object only.
        """
        self.connects += 1
        name = f"{PREFIX}made_{interface}_{self.connects}"
        count = "1" if isinstance(call.args[1], ast.Constant) else self.use("CONNECTIONS")
        source = f"{name}: {self.use('Array')}[{interface}] = {self.use('array')}({count})"
        self.added += [_place(part, call) for part in _parse(source)]
        return name

    def server(self, call: ast.Call, interface: str, instance: str) -> str | None:
        """The name of the function that serves an object, made on first use."""
        key = (interface, instance)
        if key not in self.served:
            name = f"{PREFIX}serve_{instance}_{interface}"
            declared = self._interface(interface)
            implementation = self._implementation(call, instance)
            if declared is None:
                self.problem(call, f"{interface} is not an @interface class",
                             "declare it with @interface, or import it")  # fmt: skip
                return None
            if implementation is None:
                return None
            source = self._server_function(call, name, interface, instance, declared, implementation)
            self.added += [_place(part, call) for part in _parse(source)]
            self.served[key] = name
        return self.served[key]

    def _interface(self, name: str) -> ast.ClassDef | None:
        """The class as it was written, here or in the module it comes from."""
        node = self.own.get(name) or self._imported_class(name)
        return node if node is not None and any(ast.unparse(d) == "interface" for d in node.decorator_list) else None

    def _imported_class(self, name: str) -> ast.ClassDef | None:
        found = _origin(self.tree, name)
        return self._class_in(*found) if found is not None else None

    def _find_from(self, module: str) -> Find:
        """What the names that stand in a module mean: a class of its own, or one that it imports."""

        def find(name: str) -> Declared | None:
            tree = self.tree if module == self.module else self.load(module)
            if tree is None:
                return None
            own = self.own.get(name) if module == self.module else self._class_in(module, name)
            place, wanted = (module, name) if own is not None else _origin(tree, name) or (module, name)
            node = own or self._class_in(place, wanted)
            return Declared(node, place, self._find_from(place)) if node is not None else None

        return find

    def _home(self, interface: str) -> str:
        """The module that declares an interface."""
        found = _origin(self.tree, interface)
        return self.module if found is None or interface in self.own else found[0]

    def _enum_takers(self, node: ast.AST, value: Value) -> None:
        """The functions that take a value's enums out of a message: a number that no member has spoils it."""
        for enum in value.enums():
            name = enum.taker_of_enum(PREFIX)
            if name in self.helpers:
                continue
            self.helpers.add(name)
            known = " or ".join(f"{PREFIX}word == {number}" for _, number in enum.members)
            kind = self._name_of(enum)
            self._add(node, [
                f"def {name}({PREFIX}m: {self.use('Ptr')}[{self.use('Message')}]) -> {kind}:",
                f"{PREFIX}word = {PREFIX}m.take()",
                f"if {known}:",
                f"    return {kind}(int({PREFIX}word))",
                f"{PREFIX}m.spoiled = True",
                f"return {kind}.{enum.members[0][0]}",
            ])  # fmt: skip

    def _name_of(self, value: Value) -> str:
        """What a class is called here: one of another module is imported by a name that cannot be taken."""
        if value.module == self.module:
            return value.annotation
        local = f"{PREFIX}{value.module.replace('.', '_')}_{value.annotation}"
        self.extra_imports.setdefault(value.module, {})[value.annotation] = local
        return local

    def _class_in(self, module: str, name: str) -> ast.ClassDef | None:
        tree = self.load(module)
        body = tree.body if tree is not None else []
        return next((node for node in body if isinstance(node, ast.ClassDef) and node.name == name), None)

    def _implementation(self, call: ast.Call, instance: str) -> ast.ClassDef | None:
        """The class of the served object, from the annotation of the global that holds it."""
        for node in self.tree.body:
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == instance:
                wanted = ast.unparse(node.annotation).removeprefix("Final[").removesuffix("]")
                found = self.own.get(wanted) or self._imported_class(wanted)
                if found is None:
                    self.problem(node, f"the class of {instance} is not known here", f"import {wanted} by name")
                return found
        self.problem(call, f"{instance} is not a global of this module",
                     f"write {instance}: ItsClass = ItsClass() at the top level; a served object lives as long as the "
                     "program")  # fmt: skip
        return None

    def _server_function(self, call: ast.Call, name: str, interface: str, instance: str, declared: ast.ClassDef,
                         implementation: ast.ClassDef) -> str:  # fmt: skip
        """The function that turns a message into a method's call and its result into the answer."""
        wanted, _ = methods_of(declared, {name: name for name in MAGIC_NAMES},
                               self._find_from(self._home(interface)))  # fmt: skip
        offered = {n.name: n for n in implementation.body if isinstance(n, ast.FunctionDef)}
        m = f"{PREFIX}m"
        lines = [f"def {name}({m}: {self.use('Ptr')}[{self.use('Message')}]) -> None:"]
        if any(p.bytes_like for method in wanted for p in method.parameters):
            lines.append(f"    {PREFIX}b: {self.use('Array')}[{self.use('u8')}] = {self.use('array')}"
                         f"({self.use('MESSAGE_BYTES')}, init=False)")  # fmt: skip
        for number, method in enumerate(wanted):
            written = offered.get(method.name)
            if written is None:
                self.problem(call, f"{implementation.name} has no method {method.name}, which {interface} promises",
                             f"write def {ast.unparse(method.node.args)} in {implementation.name}")  # fmt: skip
                continue
            narrowed = self._narrowed(interface, method, written)
            if narrowed is not None:
                branch = self._server_method(call, m, interface, instance, method, narrowed, f"{PREFIX}{number}_")
                lines += [f"    {line}" for line in branch]
        lines.append(f"    {m}.refuse()")
        return "\n".join(lines)

    def _narrowed(self, interface: str, method: Method, written: ast.FunctionDef) -> bool | None:
        """Whether the written method never answers an error; None when it does not keep the promise."""
        types = [referred(ast.unparse(a.annotation)) if a.annotation is not None else "" for a in written.args.args[1:]]
        returns = ast.unparse(written.returns) if written.returns is not None else "None"
        plain = method.plain_returns
        rest = without_error(returns)
        if types == [p.annotation for p in method.parameters] and referred(rest) == referred(plain):
            return returns == rest
        self.problem(written, f"{written.name} differs from {interface}.{method.name}",
                     f"write def {method.name}({ast.unparse(method.node.args)}) -> {plain}")  # fmt: skip
        return None

    def _server_method(self, where: ast.AST, m: str, interface: str, instance: str, method: Method, narrowed: bool,
                       local: str) -> list[str]:  # fmt: skip
        """One branch: arguments out of the message, the call, the answer; its locals begin with `local`."""
        lines = [f"if {m}.method() == {method.identity(interface)}:"]
        names: list[str] = []
        used = "0"
        for index, parameter in enumerate(method.parameters):
            for needed in parameter.needs:
                self.use(needed)
            if parameter.bytes_like:
                end = f"{local}end{index}"
                lines.append(f"    {end} = {m}.{parameter.taker}({PREFIX}b, {used})")
                part = f"{PREFIX}b[{used}:{end}]"
                names.append(parameter.view(part, PREFIX))
                used = end
            else:
                names.append(f"{local}in{index}")
                if parameter.fields:
                    lines += [f"    {names[-1]} = {parameter.annotation}()",
                              f"    {self._take_into(where, m, parameter, names[-1])}"]  # fmt: skip
                else:
                    self._enum_takers(where, parameter)
                    lines.append(f"    {names[-1]} = {parameter.take(m, PREFIX)}")
        lines += [f"    if not {m}.complete():", f"        {m}.refuse()", "        return"]
        call = f"{instance}.{method.name}({', '.join(names)})"
        answer = [f"    {m}.answer()"]
        answer += [f"    {m}.put_bytes({name})" for p, name in zip(method.parameters, names, strict=True) if p.filled]
        if method.result is None and narrowed:
            return [*lines, f"    {call}", *answer, "    return"]
        result = f"{local}result"
        lines += [f"    {result} = {call}"]
        if not narrowed:
            error = f"isinstance({result}, {self.use('CallError')})"
            condition = f"{result} is not None" if method.result is None else error
            lines += [f"    if {condition}:", f"        {m}.answer_error({result})", "        return"]
        if method.result is not None:
            answer.append(f"    {self._put(where, m, method.result, result)}")
        return [*lines, *answer, "    return"]


class _Calls(ast.NodeTransformer):
    """Replaces `connect`, `serve` and `offer` by what they stand for."""

    def __init__(self, expansion: _Expansion) -> None:
        self.expansion = expansion

    def visit_Call(self, node: ast.Call) -> ast.AST:
        """Rewrites one call."""
        self.generic_visit(node)
        meaning = self.expansion.magic.get(node.func.id) if isinstance(node.func, ast.Name) else None
        if meaning == "connect":
            return self._connect(node)
        if meaning in ("serve", "offer"):
            return self._serve(node, meaning)
        return node

    def _connect(self, node: ast.Call) -> ast.AST:
        where = self.expansion
        if len(node.args) not in (2, 3) or not isinstance(node.args[0], ast.Name):
            where.problem(node, "connect wants an interface and a name", 'write connect(Lamp, "lamp")')
            return node
        interface = node.args[0].id
        timeout = [k.value for k in node.keywords if k.arg == "timeout"] + node.args[2:]
        name = f"{PREFIX}connect_{interface}"
        if interface not in where.own:
            self._import(interface, name, node)
        default: ast.expr = ast.Name(where.use("DEFAULT_TIMEOUT"), ast.Load())
        made = ast.Name(where.connections(node, interface), ast.Load())
        arguments = [made, node.args[1], timeout[0] if timeout else default]
        return ast.copy_location(ast.Call(ast.Name(name, ast.Load()), arguments, []), node)

    def _import(self, interface: str, name: str, node: ast.Call) -> None:
        """The finder stands beside the interface, so it is imported from the same module."""
        where = self.expansion
        for statement in where.tree.body:
            if not isinstance(statement, ast.ImportFrom) or statement.module is None:
                continue
            if any((alias.asname or alias.name) == interface for alias in statement.names):
                where.extra_imports.setdefault(statement.module, {})[name] = None
                return
        where.problem(node, f"{interface} is not known here", f"import {interface} from the module that declares it")

    def _serve(self, node: ast.Call, meaning: str) -> ast.AST:
        where = self.expansion
        if len(node.args) != 3 or not isinstance(node.args[0], ast.Name) or not isinstance(node.args[1], ast.Name):
            where.problem(node, f"{meaning} wants an interface, a global object and a name",
                          f'write {meaning}(Lamp, lamp, "lamp")')  # fmt: skip
            return node
        function = where.server(node, node.args[0].id, node.args[1].id)
        if function is None:
            return node
        target = where.use("serve_messages" if meaning == "serve" else "offer_messages")
        made = ast.Call(ast.Name(target, ast.Load()), [node.args[2], ast.Name(function, ast.Load())], [])
        return ast.copy_location(made, node)


def _origin(tree: ast.Module, name: str) -> tuple[str, str] | None:
    """The module that a name is imported from, and its name there."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    return node.module, alias.name
    return None


def _parse(source: str) -> list[ast.stmt]:
    return ast.parse(source).body


def _place(node: Node, like: ast.AST | None) -> Node:
    """Gives new code the position of what it was made from, so that messages and debuggers point there."""
    line, column = getattr(like, "lineno", 1), getattr(like, "col_offset", 0)
    for part in ast.walk(node):
        if "lineno" in part._attributes:
            part.lineno = part.end_lineno = line  # type: ignore[attr-defined]
            part.col_offset = part.end_col_offset = column  # type: ignore[attr-defined]
    return node


def _has_docstring(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)


def _docstring(node: ast.ClassDef) -> list[ast.stmt]:
    return node.body[:1] if _has_docstring(node.body) else []


__all__ = ["Load", "Problem", "entry_source", "expand", "placement_source"]
