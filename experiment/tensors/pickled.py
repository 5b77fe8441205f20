"""What a pickle describes, without doing what it says.

A pickle is a program that may call anything. Here a small machine of our own steps through it: it
builds dictionaries, lists, tuples, numbers and strings, calls only what the caller allows, and
stops at the first other name. It never imports, sets an attribute or calls anything else.
"""

import pickletools

OPCODES = 4_000_000  # in one pickle; a checkpoint of a thousand tensors has forty thousand


class Refused(Exception):
    """A pickle asks for something that is not allowed; the message names it."""


class _Mark:
    pass


def load(file, allowed, persistent=None):
    """Return the object that a pickle describes.

    Parameters
    ----------
    file : binary file
        Read up to the end of the pickle.
    allowed : dict of str to callable or object
        By dotted name: what a global of that name stands for. Callables are called with the
        arguments that the pickle gives.
    persistent : callable, optional
        From a persistent id (a tuple) to an object.

    Returns
    -------
    object

    Raises
    ------
    Refused
        If the pickle uses another name or an instruction that no checkpoint needs.
    ValueError, IndexError, KeyError, TypeError
        If it is damaged.
    """
    machine = _Machine(allowed, persistent)
    for count, (opcode, argument, _) in enumerate(pickletools.genops(file)):
        if count > OPCODES:
            raise Refused("holds more than a checkpoint needs")
        if opcode.name == "STOP":
            return machine.stack.pop()
        machine.step(opcode.name, argument)
    raise ValueError("cut short")


class _Machine:
    def __init__(self, allowed, persistent):
        self.allowed, self.persistent = allowed, persistent
        self.stack, self.memo = [], {}

    def step(self, name, argument):
        if name in VALUES:
            self.stack.append(argument)
        elif name in CONSTANTS:
            self.stack.append(CONSTANTS[name]())
        elif name in ACTIONS:
            ACTIONS[name](self, argument)
        else:
            raise Refused(f"holds the instruction {name}")

    def since_mark(self):
        """Return what lies above the last mark, and take it and the mark off the stack."""
        start = max(k for k, item in enumerate(self.stack) if item is _Mark)
        items = self.stack[start + 1 :]
        del self.stack[start:]
        return items

    def named(self, full):
        if full not in self.allowed:
            raise Refused(f"holds {full}")
        self.stack.append(self.allowed[full])

    def taken(self, count):
        """Return the uppermost items, and take them off the stack."""
        if count > len(self.stack):
            raise IndexError("an empty stack")
        items = self.stack[-count:]
        del self.stack[-count:]
        return items

    def call(self):
        function, arguments = self.taken(2)
        if not any(function is known for known in self.allowed.values()) or not callable(function):
            raise Refused("calls what is no function")
        self.stack.append(function(*arguments))

    def set_items(self, items):
        target = self.stack[-1]
        if not isinstance(target, dict):
            raise TypeError("items of no dictionary")
        target.update(zip(items[::2], items[1::2], strict=True))

    def append(self, items):
        if not isinstance(self.stack[-1], list):
            raise TypeError("members of no list")
        self.stack[-1].extend(items)

    def keep(self, index):
        self.memo[index] = self.stack[-1]

    def persist(self):
        if self.persistent is None:
            raise Refused("holds a persistent id")
        self.stack.append(self.persistent(self.stack.pop()))


VALUES = {
    "BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT", "BINUNICODE", "SHORT_BINUNICODE",
    "BINSTRING", "SHORT_BINSTRING",
}  # fmt: skip
CONSTANTS = {
    "NONE": lambda: None, "NEWTRUE": lambda: True, "NEWFALSE": lambda: False,
    "EMPTY_DICT": dict, "EMPTY_LIST": list, "EMPTY_TUPLE": tuple, "MARK": lambda: _Mark,
}  # fmt: skip
ACTIONS = {
    "PROTO": lambda machine, _: None,
    "FRAME": lambda machine, _: None,
    "GLOBAL": lambda machine, name: machine.named(name.replace(" ", ".")),
    "STACK_GLOBAL": lambda machine, _: machine.named(".".join(machine.taken(2))),
    "REDUCE": lambda machine, _: machine.call(),
    "BUILD": lambda machine, _: machine.stack.pop(),
    "TUPLE": lambda machine, _: machine.stack.append(tuple(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.stack.append(tuple(machine.taken(1))),
    "TUPLE2": lambda machine, _: machine.stack.append(tuple(machine.taken(2))),
    "TUPLE3": lambda machine, _: machine.stack.append(tuple(machine.taken(3))),
    "SETITEM": lambda machine, _: machine.set_items(machine.taken(2)),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "APPEND": lambda machine, _: machine.append(machine.taken(1)),
    "APPENDS": lambda machine, _: machine.append(machine.since_mark()),
    "BINPUT": lambda machine, index: machine.keep(index),
    "LONG_BINPUT": lambda machine, index: machine.keep(index),
    "MEMOIZE": lambda machine, _: machine.keep(len(machine.memo)),
    "BINGET": lambda machine, index: machine.stack.append(machine.memo[index]),
    "LONG_BINGET": lambda machine, index: machine.stack.append(machine.memo[index]),
    "BINPERSID": lambda machine, _: machine.persist(),
}  # fmt: skip
