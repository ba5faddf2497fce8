"""Counters and the first failure of jobs drawn by lot, counted record by record.

count.py SEED JOBS"""
import json
import os
import random
import subprocess
import sys

random.seed(int(sys.argv[1]))


def reference(path, first, count, last):
    at = 10 * first
    return f"{path}#bytes={at}+{10 * count},records={first}+{count}" + (",last" if last else "")


def batches(path):
    """An object's batches; now and then without its end, or without records."""
    if random.random() < 0.1:
        return [(path, 0, 0, True)]
    made, first = [], 0
    for _ in range(random.randint(1, 12)):
        n = random.randint(1, 6)
        made.append((path, first, n, False))
        first += n
    if random.random() < 0.8:
        made[-1] = made[-1][:3] + (True,)
    return made


def pieces(batch):
    path, first, count, last = batch
    if count < 2 or random.random() < 0.6:
        return [batch]
    cut = random.randint(1, count - 1)
    return pieces((path, first, cut, False)) + pieces((path, first + cut, count - cut, last))


def draw():
    names = random.sample(["a.csv", "a%20b.csv", "a!.csv", "b/c.csv", "z.csv", "\u00e9.csv"], random.randint(1, 6))
    todo = [b for name in names for b in batches(name)]
    if random.random() < 0.3:
        random.shuffle(todo)
    lines = []
    for b in todo:
        for p in pieces(b):
            chance = random.random()
            if chance < 0.1:
                continue
            # What failed is tried again, what was answered may be again.
            lines += [(p, chance > 0.3)] + [(p, random.random() < 0.7)] * (random.random() < 0.2)
    if random.random() < 0.7:
        random.shuffle(lines)
    return todo, lines


def write(todo, lines):
    os.makedirs("job", exist_ok=True)
    with open("job/references", "w", encoding="utf-8") as f:
        f.writelines(reference(*b) + "\n" for b in todo)
    with open("job/results", "w", encoding="utf-8") as f:
        for b, answered in lines:
            reply = "p/1.part#bytes=0+1,records=0+1" if answered else "!"
            keys = "ms=1" if answered else "ms=1 status=400 error=no"
            f.write(f"{reference(*b)}\t{reply}\t{keys}\n")
        f.write(random.choice(["", "z.csv#bytes=0+10,records=0+1\t!\tcut off here"]))


def numbers(batch):
    path, first, count, _ = batch
    return {(path, i) for i in range(first, first + max(count, 1))}


def count(todo, lines):
    answered, failed = set(), set()
    for b, good in lines:
        (answered if good else failed).update(numbers(b))
    failed -= answered
    c = dict.fromkeys(
        [a + b for a in ("Objects", "Batches", "Records") for b in ("", "Completed", "Failed")], 0
    )
    objects = {}
    for b in todo:
        done, bad, real = numbers(b) <= answered, numbers(b) & failed, b[2] > 0
        c["Batches"] += 1
        c["BatchesCompleted"] += done
        c["BatchesFailed"] += bool(bad)
        c["Records"] += b[2]
        c["RecordsCompleted"] += len(numbers(b) & answered) * real
        c["RecordsFailed"] += len(bad) * real
        o = objects.setdefault(b[0], [True, False, False])
        o[0] &= done
        o[1] |= bool(bad)
        o[2] |= b[3]
    c["Objects"] = len(objects)
    c["ObjectsCompleted"] = sum(all_done and ended for all_done, _, ended in objects.values())
    c["ObjectsFailed"] = sum(bad for _, bad, _ in objects.values())
    known = failed & set().union(*map(numbers, todo))
    first = min(((p.replace("%20", " ").encode(), i) for p, i in known), default=None)
    return c, first


def job(*words):
    done = subprocess.run(["bt-job", *words], capture_output=True, check=False)
    assert done.returncode == 0 and not done.stderr, (words, done)
    return done.stdout.decode()


for n in range(int(sys.argv[2])):
    todo, lines = draw()
    write(todo, lines)
    want, first = count(todo, lines)
    job("--set-status", "InProgress", "job")
    job("--set-status", "Failed", "job")
    with open("job/status.json", encoding="utf-8") as f:
        status = json.load(f)
    assert status["Counters"] == want, (n, want, status["Counters"])
    reason = status["FailureReason"]
    if first is None:
        assert reason.startswith("InternalServerError: "), (n, reason)
        continue
    name, record = first
    head = f"ClientError: {name.decode()}: record"
    assert reason.startswith(head), (n, first, reason)
    place = reason[len(head):].split(" (")[0].lstrip("s ").split(" to ")
    assert int(place[0]) <= record <= int(place[-1]), (n, first, reason)
