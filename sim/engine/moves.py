"""Moves in LLVM assembly: gathers and scatters of cells by run, and rows from strips to tables."""

MEMORY = ("double", "i64", "i32", "i16", "i8")  # types of numbers in memory


def moves(lanes: int) -> str:
    """Return the functions that move numbers of every type."""
    makers = (_gather, _scatter, _rows)
    return "\n".join(make(lanes, element) for make in makers for element in MEMORY)


def _rows(lanes: int, element: str) -> str:
    """Return the function that copies rows of a strip into rows of a table, a stride apart.

    Rows of wide numbers begin at a line of the cache in both, and need not pass through the cache.
    """
    vector, wide = f"<{lanes} x {element}>", element in ("double", "i64")
    lines = [
        "  br label %head", "head:", "  %r = phi i64 [ 0, %entry ], [ %next, %body ]",
        "  %more = icmp slt i64 %r, %count", "  br i1 %more, label %body, label %done", "body:",
        f"  %at = mul i64 %r, {lanes}",
        f"  %p = getelementptr {element}, ptr %from, i64 %at",
        f"  %row = load {vector}, ptr %p, align 8",
        "  %off = mul i64 %r, %stride", "  %q = getelementptr i8, ptr %to, i64 %off",
        f"  store {vector} %row, ptr %q, " + ("align 64, !nontemporal !0" if wide else "align 1"),
        "  %next = add i64 %r, 1", "  br label %head", "done:", "  ret void",
    ]  # fmt: skip
    arguments = "ptr %from, ptr %to, i64 %count, i64 %stride"
    return "\n".join([f"define void @rows.{element}({arguments}) {{", "entry:", *lines, "}"])


def _cell(n: int, lanes: int, element: str, table: str) -> list[str]:
    """Return the instructions for a pointer to the cell of a lane in a table."""
    return [
        f"  %i{n} = extractelement <{lanes} x i64> %index, i32 {n}",
        f"  %p{n} = getelementptr {element}, ptr %{table}, i64 %i{n}",
    ]


def _gather(lanes: int, element: str) -> str:
    wide, vector = f"<{lanes} x i64>", f"<{lanes} x {element}>"
    lines, made = [], "poison"
    for n in range(lanes):
        lines += [
            *_cell(n, lanes, element, "from"),
            f"  %e{n} = load {element}, ptr %p{n}",
            f"  %v{n} = insertelement {vector} {made}, {element} %e{n}, i32 {n}",
        ]
        made = f"%v{n}"
    body = "\n".join(lines)
    return (
        f"define internal {vector} @gather.{element}(ptr %from, {wide} %index) alwaysinline {{\n"
        f"entry:\n{body}\n  ret {vector} {made}\n}}"
    )


def _scatter(lanes: int, element: str) -> str:
    wide, vector = f"<{lanes} x i64>", f"<{lanes} x {element}>"
    lines = []
    for n in range(lanes):
        lines += [
            *_cell(n, lanes, element, "to"),
            f"  %e{n} = extractelement {vector} %value, i32 {n}",
            f"  store {element} %e{n}, ptr %p{n}",
        ]
    body = "\n".join(lines)
    return (
        f"define internal void @scatter.{element}(ptr %to, {wide} %index, {vector} %value) "
        f"alwaysinline {{\nentry:\n{body}\n  ret void\n}}"
    )
