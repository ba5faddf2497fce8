#!/usr/bin/env python3
"""Prints the table of unicode.c, from the general categories of Unicode
(https://www.unicode.org/Public/14.0.0/ucd/UnicodeData.txt) that Python has:
3.11 those of Unicode 14."""

import sys
import unicodedata

if unicodedata.unidata_version != "14.0.0":
    sys.exit(f"Unicode {unicodedata.unidata_version}, not 14.0.0")

NAMES = "LuLlLtLmLoMnMcMeNdNlNoPcPdPsPePiPfPoSmScSkSoZsZlZpCcCfCsCoCn"
PLACES = {NAMES[i : i + 2]: i // 2 for i in range(0, len(NAMES), 2)}
LU, LL, EVEN, ODD = 0, 1, 30, 31
END = 0x110000

kinds = [PLACES[unicodedata.category(chr(c))] for c in range(END)] + [-1]


def turns(c):
    """Where upper and lower case letters, from c on, stop to take turns; the
    last of them is left to a run of its own kind."""
    at = c
    while {kinds[at], kinds[at + 1]} == {LU, LL}:
        at += 1
    return at if kinds[at] == kinds[at + 1] else at + 1


runs = []
c = 0
while c < END:
    kind, end = kinds[c], c + 1
    if kind in (LU, LL) and turns(c) - c > 2:
        end = turns(c)
        kind = EVEN if (c % 2 == 0) == (kind == LU) else ODD
    else:
        while kinds[end] == kind:
            end += 1
    runs.append(c << 5 | kind)
    c = end

for i in range(0, len(runs), 8):
    print("\t" + " ".join(f"{run:#x}," for run in runs[i : i + 8]))
