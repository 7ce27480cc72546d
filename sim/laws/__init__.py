"""The laws: one role a file, its variants as frozen records of parameters.

A law has public pure methods, as many as it has results, each named for what it returns. A variant
names the arguments that it uses; what other variants of its role use it takes as `**_`, or hands
on as `**case` to the method that it extends. A file with several variants lists them, the default
first, in VARIANTS; where one is not made from the other, a Protocol says what all of them give.
"""
