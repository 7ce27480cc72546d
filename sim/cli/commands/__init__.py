"""A file here is a command of the same name: it declares and does. Nothing lists it elsewhere.

A file is imported when its command is called; `blocsim --help` reads its docstring alone.
"""
