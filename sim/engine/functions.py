"""Functions in LLVM assembly: exp, log, cos and others, and the generator of random numbers.

Each is plain arithmetic on vectors, so that results have the same bytes whether a processor has
wide vector registers, narrow ones or none. A product and a sum are rounded once (`fused`) in
these functions, and nowhere else. Coefficients are those of Taylor series, and for the
logarithm those of FreeBSD's msun (`e_log.c`). Errors in units of the last place are below 1 for
log, 1.5 for exp and log1p, 2.5 for expm1, 3 for tanh, and 2 (1 + |y log x|) for power; that of cos
is below 1e-15 within a million turns. Below -708, exp is 0.

Sources: salmon2011 (Threefry); fdlibm, Sun Microsystems 1993 (logarithm).
"""

import struct
from functools import lru_cache
from math import factorial

from sim.engine.moves import moves
from sim.kernel.noise import PARITY, ROTATIONS, ROUNDS

LOG_2 = 0.6931471805599453
LOG_2_HIGH, LOG_2_LOW = 6.93147180369123816490e-01, 1.90821492927058770002e-10
LOG_SERIES = (
    1.479819860511658591e-01, 1.531383769920937332e-01, 1.818357216161805012e-01,
    2.222219843214978396e-01, 2.857142874366239149e-01, 3.999999999940941908e-01,
    6.666666666666735130e-01,
)  # fmt: skip
EXP_TERMS, COS_TERMS = 13, 10
LEAST, MOST = -708.0, 710.0  # exp is 0 below (it would be subnormal), and inf above
WHOLE = 6755399441055744.0  # 2^52 * 1.5
NORMAL, SCALE = 2.0**-1022, 54.0  # least normal number; 2^54 times a subnormal one is normal
TURN = 6.283185307179586
TURN_HIGH, TURN_LOW = 6.283185303211212, 3.968374318722162e-09  # 2 pi in two parts
ROOT_HALF_BITS, ONE_BITS, WHOLE_BITS = 0x3FE6A09E667F3BCD, 0x3FF << 52, 0x4338 << 48
LEAST_BITS, ENDLESS_BITS = 1 << 52, 0x7FF << 52  # of the least normal number and of infinity


class _Text:
    """A function of vectors of doubles, while it is written."""

    def __init__(self, lanes: int) -> None:
        self.lanes, self.number = lanes, 0
        self.lines: list[str] = []
        self.vector, self.whole = f"<{lanes} x double>", f"<{lanes} x i64>"
        self.mask = f"<{lanes} x i1>"

    def do(self, text: str) -> str:
        self.number += 1
        self.lines.append(f"  %x{self.number} = {text}")
        return f"%x{self.number}"

    def number_of(self, value: float) -> str:
        bits = "0x" + struct.pack(">d", value).hex().upper()
        return f"<{', '.join([f'double {bits}'] * self.lanes)}>"

    def integer(self, value: int) -> str:
        return f"<{', '.join([f'i64 {value}'] * self.lanes)}>"

    def op(self, name: str, a: str, b: str) -> str:
        return self.do(f"{name} {self.vector} {a}, {b}")

    def series(self, x: str, *coefficients: float) -> str:
        """Return a polynomial by Horner's rule, the highest power first."""
        total = self.number_of(coefficients[0])
        for each in coefficients[1:]:
            total = self.fused(total, x, self.number_of(each))
        return total

    def fused(self, a: str, b: str, c: str) -> str:
        """Return a b + c, rounded once."""
        return self.call(f"llvm.fma.v{self.lanes}f64", a, b, c)

    def bits(self, x: str) -> str:
        """Return the bits of doubles as whole numbers."""
        return self.do(f"bitcast {self.vector} {x} to {self.whole}")

    def double(self, bits: str) -> str:
        """Return doubles from their bits."""
        return self.do(f"bitcast {self.whole} {bits} to {self.vector}")

    def on(self, name: str, bits: str, value: int) -> str:
        """Return an operation on whole numbers and a fixed one."""
        return self.do(f"{name} {self.whole} {bits}, {self.integer(value)}")

    def unless(self, rare: str, usual: str, function: str, arguments: str = "%x") -> str:
        """Return usual values or, if the condition is true in some lane, those of a function.

        The function is called for all lanes, and gives the others the same values.
        """
        some = self.do(f"call i1 @llvm.vector.reduce.or.v{self.lanes}i1({self.mask} {rare})")
        self.lines += [f"  br i1 {some}, label %rare, label %usual", "rare:"]
        careful = self.call(function, *arguments.split())
        self.lines += ["  br label %usual", "usual:"]
        return self.do(f"phi {self.vector} [ {usual}, %entry ], [ {careful}, %rare ]")

    def call(self, name: str, *args: str) -> str:
        given = ", ".join(f"{self.vector} {each}" for each in args)
        return self.do(f"call {self.vector} @{name}({given})")

    def select(self, condition: str, yes: str, no: str) -> str:
        return self.do(f"select {self.mask} {condition}, {self.vector} {yes}, {self.vector} {no}")

    def done(
        self, name: str, result: str, arguments: str = "%x", *, how: str = "alwaysinline"
    ) -> str:
        given = ", ".join(f"{self.vector} {each}" for each in arguments.split())
        body = "\n".join(self.lines)
        return (
            f"define internal {self.vector} @{name}({given}) {how} {{\nentry:\n{body}\n"
            f"  ret {self.vector} {result}\n}}"
        )


def _parts(t: _Text) -> tuple[str, str, str]:
    """Return r and 2^(n - 1), where x = n log 2 + r, and whether x is below `LEAST`.

    For x above `MOST`, r and n are those of `MOST`.
    """
    low = t.do(f"fcmp olt {t.vector} %x, {t.number_of(LEAST)}")
    high = t.do(f"fcmp ogt {t.vector} %x, {t.number_of(MOST)}")
    x = t.select(high, t.number_of(MOST), "%x")
    # by its bits; adding 2^52 * 1.5 rounds, and leaves n in the lowest bits of a double
    shifted = t.fused(x, t.number_of(1 / LOG_2), t.number_of(WHOLE + 1022))
    n = t.op("fsub", shifted, t.number_of(WHOLE + 1022))
    r = t.fused(n, t.number_of(-LOG_2_HIGH), x)
    r = t.fused(n, t.number_of(-LOG_2_LOW), r)
    return r, t.double(t.on("shl", t.bits(shifted), 52)), low


def _exp(t: _Text) -> str:
    r, half, low = _parts(t)
    p = t.series(r, *(1 / factorial(k) for k in range(EXP_TERMS, -1, -1)))
    y = t.op("fmul", p, half)
    return t.done("exp", t.select(low, "zeroinitializer", t.op("fadd", y, y)))


def _logarithm(t: _Text, x: str, scale: str | None = None) -> str:
    """Return the logarithm of normal positive numbers, less that of 2^scale."""
    bits = t.on("add", t.bits(x), ONE_BITS - ROOT_HALF_BITS)
    m = t.double(t.on("add", t.on("and", bits, LEAST_BITS - 1), ROOT_HALF_BITS))
    # the exponent as a double, by its bits: whole numbers convert alike on all processors
    biased = t.double(t.on("or", t.on("lshr", bits, 52), WHOLE_BITS))
    e = t.op("fsub", biased, t.number_of(WHOLE + 1023))
    if scale is not None:
        e = t.op("fsub", e, scale)
    f = t.op("fsub", m, t.number_of(1.0))
    s = t.op("fdiv", f, t.op("fadd", t.number_of(2.0), f))
    z = t.op("fmul", s, s)
    h = t.op("fmul", t.op("fmul", t.number_of(0.5), f), f)
    low = t.op("fmul", s, t.fused(t.series(z, *LOG_SERIES), z, h))
    low = t.fused(e, t.number_of(LOG_2_LOW), low)
    return t.fused(e, t.number_of(LOG_2_HIGH), t.op("fsub", f, t.op("fsub", h, low)))


def _log(t: _Text) -> str:
    # shifted, the bits of all numbers that are not positive and normal are below a bound
    moved = t.on("add", t.bits("%x"), 2**63 - ENDLESS_BITS)
    rare = t.on("icmp slt", moved, 2**63 - ENDLESS_BITS + LEAST_BITS)
    return t.done("log", t.unless(rare, _logarithm(t, "%x"), "log.any"))


def _log_of_any(t: _Text) -> str:
    small = t.do(f"fcmp olt {t.vector} %x, {t.number_of(NORMAL)}")
    x = t.select(small, t.op("fmul", "%x", t.number_of(2.0**SCALE)), "%x")
    y = _logarithm(t, x, t.select(small, t.number_of(SCALE), "zeroinitializer"))
    zero = t.do(f"fcmp oeq {t.vector} %x, zeroinitializer")
    y = t.select(zero, t.number_of(float("-inf")), y)
    bad = t.do(f"fcmp ult {t.vector} %x, zeroinitializer")
    y = t.select(bad, t.number_of(float("nan")), y)
    endless = t.do(f"fcmp oeq {t.vector} %x, {t.number_of(float('inf'))}")
    return t.done("log.any", t.select(endless, "%x", y), how="noinline")


def _cos(t: _Text) -> str:
    """Return cos by cos(2 r) = 2 cos(r)^2 - 1, r within a quarter turn."""
    n = t.call(f"llvm.rint.v{t.lanes}f64", t.op("fmul", "%x", t.number_of(1 / TURN)))
    r = t.op("fsub", "%x", t.op("fmul", n, t.number_of(TURN_HIGH)))
    r = t.op("fsub", r, t.op("fmul", n, t.number_of(TURN_LOW)))
    r = t.op("fmul", r, t.number_of(0.5))
    z = t.op("fmul", r, r)
    c = t.series(z, *((-1) ** k / factorial(2 * k) for k in range(COS_TERMS, -1, -1)))
    double = t.op("fmul", t.op("fmul", t.number_of(2.0), c), c)
    return t.done("cos", t.op("fsub", double, t.number_of(1.0)))


def _expm1(t: _Text) -> str:
    """Return exp(x) - 1 as 2^n (exp(r) - 1) + (2^n - 1), with little cancellation."""
    r, half, low = _parts(t)
    q = t.op("fmul", r, t.series(r, *(1 / factorial(k) for k in range(EXP_TERMS, 0, -1))))
    y = t.op("fadd", t.op("fmul", q, half), t.op("fsub", half, t.number_of(0.5)))
    return t.done("expm1", t.select(low, t.number_of(-1.0), t.op("fadd", y, y)))


def _log1p(t: _Text) -> str:
    """Return log(1 + x), corrected for the rounding of 1 + x."""
    u = t.op("fadd", t.number_of(1.0), "%x")
    lost = t.op("fsub", "%x", t.op("fsub", u, t.number_of(1.0)))
    y = t.op("fadd", t.call("log", u), t.op("fdiv", lost, u))
    zero = t.do(f"fcmp oeq {t.vector} {u}, zeroinitializer")
    y = t.select(zero, t.number_of(float("-inf")), y)
    endless = t.do(f"fcmp oeq {t.vector} %x, {t.number_of(float('inf'))}")
    return t.done("log1p", t.select(endless, "%x", y))


def _tanh(t: _Text) -> str:
    size = t.call(f"llvm.fabs.v{t.lanes}f64", "%x")
    e = t.call("expm1", t.op("fmul", t.number_of(-2.0), size))
    y = t.op("fdiv", t.op("fsub", t.number_of(0.0), e), t.op("fadd", t.number_of(2.0), e))
    below = t.do(f"fcmp olt {t.vector} %x, zeroinitializer")
    return t.done("tanh", t.select(below, t.do(f"fneg {t.vector} {y}"), y))


def _power(t: _Text) -> str:
    """Return x to the power y; where all powers are 0 or 1, without logarithms."""
    some = t.do(f"fcmp une {t.vector} %y, zeroinitializer")
    other = t.do(f"fcmp une {t.vector} %y, {t.number_of(1.0)}")
    simple = t.select(some, "%x", t.number_of(1.0))
    rare = t.do(f"and {t.mask} {some}, {other}")
    return t.done("power", t.unless(rare, simple, "power.any", "%x %y"), "%x %y")


def _power_of_any(t: _Text) -> str:
    """Return x to the power y: exp(y log |x|), with the sign of x for odd whole powers."""
    size = t.call(f"llvm.fabs.v{t.lanes}f64", "%x")
    p = t.call("exp", t.op("fmul", "%y", t.call("log", size)))
    below = t.do(f"fcmp olt {t.vector} %x, zeroinitializer")
    half = t.op("fmul", "%y", t.number_of(0.5))
    part, odd = (
        t.do(f"fcmp une {t.vector} {each}, {t.call(f'llvm.floor.v{t.lanes}f64', each)}")
        for each in ("%y", half)
    )
    p = t.select(t.do(f"and {t.mask} {below}, {odd}"), t.do(f"fneg {t.vector} {p}"), p)
    p = t.select(t.do(f"and {t.mask} {below}, {part}"), t.number_of(float("nan")), p)
    square = t.do(f"fcmp oeq {t.vector} %y, {t.number_of(2.0)}")
    p = t.select(square, t.op("fmul", "%x", "%x"), p)
    one = t.do(f"fcmp oeq {t.vector} %y, {t.number_of(1.0)}")
    p = t.select(one, "%x", p)
    none = t.do(f"fcmp oeq {t.vector} %y, zeroinitializer")
    return t.done("power.any", t.select(none, t.number_of(1.0), p), "%x %y", how="noinline")


FUNCTIONS = (_exp, _log, _log_of_any, _cos, _expm1, _log1p, _tanh, _power, _power_of_any)


def _threefry(lanes: int) -> str:
    vector = f"<{lanes} x i32>"
    four = f"{{{', '.join([vector] * 4)}}}"
    lines: list[str] = []

    def do(text: str) -> str:
        lines.append(f"  %x{len(lines)} = {text}")
        return f"%x{len(lines) - 1}"

    def fixed(value: int) -> str:
        return f"<{', '.join([f'i32 {value}'] * lanes)}>"

    def add(a: str, b: str) -> str:
        return do(f"add {vector} {a}, {b}")

    def turned(word: str, by: int) -> str:
        left, right = (
            do(f"shl {vector} {word}, {fixed(by)}"),
            do(f"lshr {vector} {word}, {fixed(32 - by)}"),
        )
        return do(f"or {vector} {left}, {right}")

    key = ["%k0", "%k1", "%k2", "%k3"]
    parity = fixed(PARITY)
    for word in key:
        parity = do(f"xor {vector} {parity}, {word}")
    key.append(parity)
    x = [add(f"%c{n}", key[n]) for n in range(4)]
    for number in range(ROUNDS):
        pairs = ((0, 1), (2, 3)) if number % 2 == 0 else ((0, 3), (2, 1))
        for (a, b), by in zip(pairs, ROTATIONS[number % 8], strict=True):
            x[a] = add(x[a], x[b])
            x[b] = do(f"xor {vector} {turned(x[b], by)}, {x[a]}")
        if number % 4 == 3:  # noqa: PLR2004
            count = number // 4 + 1
            x = [add(x[n], key[(count + n) % 5]) for n in range(4)]
            x[3] = add(x[3], fixed(count))
    made = "poison"
    for n in range(4):
        made = do(f"insertvalue {four} {made}, {vector} {x[n]}, {n}")
    given = ", ".join(f"{vector} %{name}{n}" for name in "kc" for n in range(4))
    body = "\n".join(lines)
    return f"define internal {four} @threefry({given}) {{\nentry:\n{body}\n  ret {four} {made}\n}}"


def _draws(lanes: int) -> str:
    """Return the function that fills the tables of draws of four periods."""
    vector = f"<{lanes} x i32>"
    four = f"{{{', '.join([vector] * 4)}}}"
    zeros = f"<{lanes} x i32> zeroinitializer"
    lines: list[str] = []

    def splat(name: str, scalar: str) -> None:
        lines.append(f"  %{name}i = insertelement {vector} poison, i32 {scalar}, i32 0")
        lines.append(f"  %{name} = shufflevector {vector} %{name}i, {vector} poison, {zeros}")

    for name, scalar in (("low", "%s0"), ("high", "%s1"), ("blocks", "%block")):
        splat(name, scalar)
    lines += [
        f"  %run = load {vector}, ptr %runs, align 4",
        "  br label %head", "head:", "  %r = phi i64 [ 0, %entry ], [ %next, %body ]",
        "  %more = icmp slt i64 %r, %rows", "  br i1 %more, label %body, label %done", "body:",
        "  %first = mul i64 %r, 4",
    ]  # fmt: skip
    for n in range(4):
        lines.append(f"  %at{n} = add i64 %first, {n}")
        lines.append(f"  %kp{n} = getelementptr i32, ptr %keys, i64 %at{n}")
        lines.append(f"  %key{n} = load i32, ptr %kp{n}")
        splat(f"word{n}", f"%key{n}")
    given = ("low", "high", "word0", "blocks", "run", "word1", "word2", "word3")
    called = ", ".join(f"{vector} %{name}" for name in given)
    lines.append(f"  %made = call {four} @threefry({called})")
    for n in range(4):
        lines += [
            f"  %out{n} = extractvalue {four} %made, {n}",
            f"  %skip{n} = mul i64 %rows, {n}",
            f"  %line{n} = add i64 %skip{n}, %r",
            f"  %cell{n} = mul i64 %line{n}, {lanes}",
            f"  %op{n} = getelementptr i32, ptr %to, i64 %cell{n}",
            f"  store {vector} %out{n}, ptr %op{n}, align 4",
        ]
    lines += ["  %next = add i64 %r, 1", "  br label %head", "done:", "  ret void"]
    body = "\n".join(lines)
    arguments = "i32 %block, i32 %s0, i32 %s1, i64 %rows, ptr %keys, ptr %runs, ptr %to"
    return f"define void @draws({arguments}) {{\nentry:\n{body}\n}}"


@lru_cache(maxsize=4)
def library(lanes: int) -> str:
    """Return the functions that every module has."""
    vector, wide = f"<{lanes} x double>", f"<{lanes} x i64>"
    declared = [
        f"declare {vector} @llvm.{name}.v{lanes}f64({vector})"
        for name in ("sqrt", "floor", "rint", "fabs")
    ]
    three = ", ".join([vector] * 3)
    declared.append(f"declare {vector} @llvm.fma.v{lanes}f64({three})")
    declared.append(f"declare i1 @llvm.vector.reduce.or.v{lanes}i1(<{lanes} x i1>)")
    declared.append(f"declare i64 @llvm.vector.reduce.smax.v{lanes}i64({wide})")
    declared.append("declare void @llvm.prefetch.p0(ptr, i32, i32, i32)")
    written = [each(_Text(lanes)) for each in FUNCTIONS]
    return "\n".join([*declared, *written, _threefry(lanes), _draws(lanes), moves(lanes)])
