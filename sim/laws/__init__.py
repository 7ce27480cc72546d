"""The laws: one role a file, its variants as frozen records of parameters.

A law has public pure methods, one for each result, named for what they return. A variant names
the arguments that it uses. It takes the arguments of other variants of its role as `**_`, or hands
them on as `**case` to the method that it extends. A file with several variants lists them, the
default first, in VARIANTS. If one is not made from the other, a Protocol has the methods of all.
"""
