#!/usr/bin/env python3
"""Makes any number of reviews from those in this folder: each consists of
sentences from reviews of the same language and label.  Ids are unique, and the
same options give the same bytes.

    generate.py --records 1000000 >big.csv
    generate.py --bytes 1000000000 --format jsonl >big.jsonl
"""
import argparse
import csv
import itertools
import json
import pathlib
import random
import re
import signal
import sys

HERE = pathlib.Path(__file__).resolve().parent
SEED = 20240601
POOL = 1024     # runs of sentences that a group's reviews begin or end with
ROUND = 8       # one review in this many has no comma or quote
CHUNK = 4096    # rounds made at a time


def sentences():
    """The sentences of each (language, label), as the reviews have them."""
    groups = {}
    with open(HERE / "reviews.csv", encoding="utf-8", newline="") as f:
        texts = dict(csv.reader(f))
    with open(HERE / "labels.csv", encoding="utf-8", newline="") as f:
        for ident, _, label, language in csv.reader(f):
            groups.setdefault((language, label), []).extend(
                re.split(r"(?<=[.!?])\s+", texts[ident]))
    return [groups[key] for key in sorted(groups) if key[1] != "neutral"]


def runs(chance, pool, encode):
    """POOL texts of one to four sentences."""
    return [encode(" ".join(chance.choices(pool, k=chance.randint(1, 4))))
            for _ in range(POOL)]


def csv_text(text):
    return text.replace('"', '""')


def json_text(text):
    return json.dumps(text, ensure_ascii=False)[1:-1]


def columns(chance, args):
    """The parts of the reviews of a round: a (template, heads, tails) each.
    Templates take number, head and tail."""
    encode = json_text if args.format == "jsonl" else csv_text
    quoted, bare = 'g%09d,"%s %s"\n', "g%09d,%s %s\n"
    if args.quote_all:
        quoted = bare = '"g%09d","%s %s"\n'
    if args.format == "jsonl":
        quoted = bare = '{"id":"g%09d","text":"%s %s"}\n'
    groups = sentences()
    plain = [[s for s in g if not set(s) & set(',"')] for g in groups]
    made = [(quoted, runs(chance, g, encode), runs(chance, g, encode)) for g in groups]
    rare = [(bare, runs(chance, g, encode), runs(chance, g, encode)) for g in plain]
    rounds = []
    for i in range(len(groups)):
        rounds += [made[(i + k) % len(groups)] for k in range(ROUND - 1)] + [rare[i]]
    return rounds


def chunks(args):
    """Yields lists of records for ever."""
    chance = random.Random(SEED)
    rounds = columns(chance, args)
    template = "".join(t for t, _, _ in rounds)
    number = 0
    while True:
        count = CHUNK // len(rounds)
        picked = []
        for _, heads, tails in rounds:
            picked += [chance.choices(heads, k=count), chance.choices(tails, k=count)]
        records = []
        for row in zip(*picked):
            fields = list(itertools.chain.from_iterable(
                zip(range(number, number + len(rounds)), row[0::2], row[1::2])))
            records.append(template % tuple(fields))
            number += len(rounds)
        yield "".join(records)


def bounded(args):
    """The chunks, cut after the record that reaches a bound."""
    records, size = 0, 0
    for chunk in chunks(args):
        data = chunk.encode("utf-8")
        if args.records is not None and records + data.count(b"\n") >= args.records or \
                args.bytes is not None and size + len(data) >= args.bytes:
            break
        records, size = records + data.count(b"\n"), size + len(data)
        yield data
    for line in data.splitlines(keepends=True):
        if args.records is not None and records >= args.records or \
                args.bytes is not None and size >= args.bytes:
            return
        records, size = records + 1, size + len(line)
        yield line


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, metavar="N", help="so many reviews")
    parser.add_argument("--bytes", type=int, metavar="N",
                        help="whole reviews, until there are so many bytes")
    parser.add_argument("--format", choices=["csv", "jsonl"], default="csv")
    parser.add_argument("--quote-all", action="store_true",
                        help="quotes around every CSV field")
    args = parser.parse_args()
    if args.records is None and args.bytes is None:
        parser.error("--records or --bytes is wanted")
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for data in bounded(args):
        sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    sys.exit(main())
