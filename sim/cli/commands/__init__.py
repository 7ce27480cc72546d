"""Each file here is the command of the same name; there is no other list of commands.

A file is imported when its command is called; `blocsim --help` reads its docstring alone.
"""
