"""Shorthand, drawn by lot, as the AWS CLI reads it and as shorthand does.

shorthand.py PROGRAM SEED LINES: 77 where there is no AWS CLI."""
import json
import random
import subprocess
import sys

try:
    from awscli import shorthand
except ImportError:
    sys.exit(77)

BITS = [
    "a", "b", "Key", "=", "=", "=", ",", ",", "{", "}", "[", "]", "'", '"', "\\", "\\,", "\\'", '\\"',
    " ", "\t", "@=", "@", "1", "-", "\u00e9", "/", ":", "#", "|", "~", "]x", "a=", "b={", "c=[", "^",
    "<", "!", "\x7f",
]

program, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed)
shorthand.get_paramfile = lambda value, prefixes: "<%s>" % value
drawn = ["".join(random.choices(BITS, k=random.randint(1, 14))) for _ in range(count)]
lines = []
for d in drawn:
    lines += [d, f"a={d}", f"a={{b={d}}}", f"a=[{d}]", f"a='{d}',b={d}"]
done = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
answers = done.stdout.split("\n")[:-1]
assert len(answers) == len(lines)
taken = wrong = 0
for line, answer in zip(lines, answers):
    try:
        want = shorthand.ShorthandParser().parse(line)
    except shorthand.ShorthandParseError:
        want = None
    got = None if answer.startswith("!") else json.loads(answer)
    taken += got is not None
    # Of two values for one name in braces, the AWS CLI drops the first.
    if got != want and "second value" not in answer:
        wrong += 1
        print(repr(line), "wanted", want, "got", answer)
print(len(lines), "lines,", taken, "taken,", wrong, "otherwise than the AWS CLI")
sys.exit(wrong > 0 or taken < count // 2)
