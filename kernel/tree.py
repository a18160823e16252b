"""The tree of derivation: every handle and binding below the one it came from. No walk takes more than DEPTH steps."""

from __future__ import annotations

from abi.kernel import Error, Kind
from kernel.handles import KIND_SHIFT
from kernel.limits import DEPTH
from kernel.structures import Header, Node
from metal import U64, Ptr, u64


def derivable(node: Ptr[Node]) -> Error | None:
    """Why nothing may be derived here: a revocation is at work above, or the tree is too deep."""
    depth: u64 = 0
    above: Ptr[Node] | None = node
    while above is not None:
        if above.revoking:
            return Error.DYING
        depth += 1
        above = above.parent
    if depth >= DEPTH:
        return Error.TOO_DEEP
    return None


def attach(parent: Ptr[Node] | None, node: Ptr[Node]) -> None:
    """Put a node below another."""
    node.parent = parent
    node.previous = None
    node.next = None
    if parent is not None:
        first = parent.child
        node.next = first
        if first is not None:
            first.previous = node
        parent.child = node


def detach(node: Ptr[Node]) -> None:
    """Take a node from its parent and siblings; its children stay its own."""
    parent = node.parent
    after = node.next
    before = node.previous
    if before is not None:
        before.next = after
    elif parent is not None:
        parent.child = after
    if after is not None:
        after.previous = before
    node.parent = None
    node.next = None
    node.previous = None


def fill(node: Ptr[Node], header: Ptr[Header], granted: u64, badge: u64, parent: Ptr[Node] | None) -> None:
    """Let an empty node name an object."""
    node.object = header
    node.powers = (U64(1) << (U64(header.kind) + KIND_SHIFT)) | granted
    node.badge = badge
    node.child = None
    node.waiters = None
    node.dying = False
    node.revoking = False
    header.references += 1
    attach(parent, node)


def is_below(node: Ptr[Node], root: Ptr[Node]) -> bool:
    """Whether a node stands under another, or is it."""
    above: Ptr[Node] | None = node
    while above is not None:
        if above is root:
            return True
        above = above.parent
    return False


def leaf_below(root: Ptr[Node]) -> Ptr[Node] | None:
    """A node under root that has no children."""
    found = root.child
    while found is not None:
        child = found.child
        if child is None:
            break
        found = child
    return found


def is_kind(node: Ptr[Node], kind: Kind) -> bool:
    """Whether a full node names an object of this kind."""
    return (node.powers >> (U64(kind) + KIND_SHIFT)) & 1 == 1
