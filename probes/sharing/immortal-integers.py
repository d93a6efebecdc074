"""Integers from 257 to 1024 are immortal since 3.15, as smaller ones are since 3.12.

A thousand references are made to each, and should add a thousand to its count.
"""

import sys

from report import works


def added(text):
    number = int(text)  # not a constant, to which the code would refer
    before = sys.getrefcount(number)
    references = [number] * 1000
    after = sys.getrefcount(number)
    del references
    return after - before


works(", ".join(f"{text}: {added(text)}" for text in ("256", "257", "1024", "1025")))
