#!/usr/bin/env python3
"""Trains the sentiment model of this folder: logistic regression on hashed
words, by stochastic gradient descent.  It needs only Python's standard library.

    train.py [-o MODEL]             trains, prints the accuracy, writes the model
    train.py --predict [-m MODEL]   prints id,probability,label for each review

A fifth of the reviews is held back from training to measure the accuracy.
Three-star reviews are neither positive nor negative and are left out of both.
The same input gives the same bytes.
"""
import argparse
import collections
import csv
import json
import math
import pathlib
import random
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent
MODEL = HERE / "models" / "sentiment" / "model.json"
BITS, NGRAMS = 15, 1
EPOCHS, RATE, L2 = 20, 2.0, 0.0001
SEED = 20240601
CLASSES = ["negative", "positive"]
SPELLINGS = True    # a word has its weight however it is spelled

# Where a rhyme ends the word, the tone mark stands on either vowel.
SECOND = "oá oà oả oã oạ oé oè oẻ oẽ oẹ uý uỳ uỷ uỹ uỵ".split()
FIRST = "óa òa ỏa õa ọa óe òe ỏe õe ọe úy ùy ủy ũy ụy".split()

# Words as the plugin defines them; see bt-linear(7).
WORD = re.compile(
    "[0-9A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u1fff\u2070-\u218f"
    "\u2c00-\u2fff\u3040-\ufdff\ufe10-\uffff]+|[\u2190-\u2bff\U00010000-\U0010ffff]")


def capitals():
    """Maps each capital to the letter it is hashed as."""
    lower = {c: c + 32 for c in range(0x41, 0x5b)}
    lower.update((c, c + 32) for c in range(0xc0, 0xdf) if c != 0xd7)
    for first, last in ((0x100, 0x12e), (0x132, 0x136), (0x139, 0x147), (0x14a, 0x176),
                        (0x179, 0x17d), (0x1a0, 0x1a0), (0x1af, 0x1af),
                        (0x1e00, 0x1e94), (0x1ea0, 0x1efe)):
        lower.update((c, c + 1) for c in range(first, last + 1, 2))
    lower[0x178] = 0xff
    lower.update((c, c + 32) for c in range(0x391, 0x3aa))
    lower.update((c, c + 80) for c in range(0x400, 0x410))
    lower.update((c, c + 32) for c in range(0x410, 0x430))
    return lower


LOWER = capitals()


def fnv1a(data):
    h = 0x811c9dc5
    for byte in data:
        h = (h ^ byte) * 0x01000193 & 0xffffffff
    return h


def features(text):
    """The places of a text's words and runs of words, as often as they occur."""
    words = [w.translate(LOWER).encode("utf-8", "surrogateescape")
             for w in WORD.findall(text)]
    places = []
    for end in range(1, len(words) + 1):
        for n in range(1, min(NGRAMS, end) + 1):
            h = fnv1a(b" ".join(words[end - n:end]))
            places.append((h ^ h >> BITS) & (1 << BITS) - 1)
    return places


def move(text, marks, to):
    """The text with those tone marks put elsewhere."""
    return re.sub(r"(?<!q)(%s)\b" % "|".join(marks),
                  lambda found: to[marks.index(found[0])], text)


def spellings(text):
    """The text in each way to write the same, in the one to train with first: tone
    marks on the second or the first vowel, composed with their letters or not."""
    if not SPELLINGS:
        return [text]
    text = unicodedata.normalize("NFC", text.translate(LOWER))
    moved = [move(text, FIRST, SECOND), move(text, SECOND, FIRST)]
    return moved + [unicodedata.normalize("NFD", t) for t in moved]


def spread(weights, texts):
    """The weights of the texts' words in each spelling.  A place that two words share
    is that of the word in more texts."""
    votes = {}
    for text in texts:
        forms = [features(t) for t in spellings(text)]
        for p, q in sorted({pair for form in forms for pair in zip(forms[0], form)}):
            votes.setdefault(q, collections.Counter())[p] += 1
    return {q: weights[count.most_common(1)[0][0]] for q, count in votes.items()}


def logistic(z):
    return math.exp(z) / (1 + math.exp(z)) if z < 0 else 1 / (1 + math.exp(-z))


def value(weights, intercept, places):
    total = 0.0
    for p in places:
        total += weights.get(p, 0.0)
    return intercept + (total / math.sqrt(len(places)) if places else 0.0)


def train(samples):
    """Weights and intercept for (places, label) pairs.  The weights are kept
    divided by `scale`, so that the L2 penalty costs one product a step."""
    weights, intercept, scale = {}, 0.0, 1.0
    order = list(range(len(samples)))
    chance = random.Random(SEED)
    for epoch in range(EPOCHS):
        chance.shuffle(order)
        rate = RATE / (1 + epoch / 4)
        for i in order:
            places, label = samples[i]
            root = math.sqrt(len(places))
            total = 0.0
            for p in places:
                total += weights.get(p, 0.0)
            error = label - logistic(intercept + scale * total / root)
            scale *= 1 - rate * L2
            step = rate * error / root / scale
            for p in places:
                weights[p] = weights.get(p, 0.0) + step
            intercept += rate * error / 10
    return {p: round(scale * w, 4) for p, w in weights.items()}, round(intercept, 4)


def reviews():
    with open(HERE / "reviews.csv", encoding="utf-8", newline="") as f:
        return list(csv.reader(f))


def split():
    """The reviews of each language and label, a fifth of each held back."""
    texts = dict(reviews())
    groups = {}
    with open(HERE / "labels.csv", encoding="utf-8", newline="") as f:
        for ident, _, label, language in csv.reader(f):
            if label in CLASSES:
                groups.setdefault((language, label), []).append(
                    (texts[ident], CLASSES.index(label), language))
    chance = random.Random(SEED)
    kept, held = [], []
    for key in sorted(groups):
        chance.shuffle(groups[key])
        fifth = len(groups[key]) // 5
        held += groups[key][:fifth]
        kept += groups[key][fifth:]
    return kept, held


def accuracy(weights, intercept, samples):
    right = sum((value(weights, intercept, features(text)) > 0) == label
                for text, label, _ in samples)
    return "%d of %d right, %.1f %%" % (right, len(samples), 100 * right / len(samples))


def write_model(path, weights, intercept, about):
    head = {"format": "bt-linear", "version": 1, "about": about, "kind": "logistic",
            "classes": CLASSES, "text": {"columns": [-1], "field": "text", "bits": BITS,
            "ngrams": NGRAMS, "lowercase": True}, "output": ["probability", "label"],
            "intercept": intercept}
    lines = ['\t"%d": %s' % (p, json.dumps(weights[p])) for p in sorted(weights) if weights[p]]
    with open(path, "w", encoding="utf-8", newline="\n") as f:
        f.write("{\n")
        for key in head:
            f.write('"%s": %s,\n' % (key, json.dumps(head[key])))
        f.write('"weights": {\n%s\n}\n}\n' % ",\n".join(lines))


def main_train(path):
    kept, held = split()
    weights, intercept = train([(features(spellings(text)[0]), label)
                                for text, label, _ in kept])
    weights = spread(weights, [text for text, _, _ in kept])
    print("trained on %d reviews, %d held back" % (len(kept), len(held)))
    for language in sorted({s[2] for s in held}):
        print("held back, %s: %s" % (language, accuracy(
            weights, intercept, [s for s in held if s[2] == language])))
    print("held back, all: " + accuracy(weights, intercept, held))
    print("seen: " + accuracy(weights, intercept, kept))
    about = ("Sentiment of app reviews in English and Vietnamese. train.py made it from %d "
             "of the reviews in reviews.csv; of %d held back, %s." % (
                 len(kept), len(held), accuracy(weights, intercept, held)))
    write_model(path, weights, intercept, about)


def main_predict(path):
    with open(path, encoding="utf-8") as f:
        model = json.load(f)
    weights = {int(p): w for p, w in model["weights"].items()}
    for ident, text in reviews():
        z = value(weights, model["intercept"], features(text))
        print("%s,%.6f,%s" % (ident, logistic(abs(z)), model["classes"][z > 0]))


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("-o", metavar="MODEL", default=MODEL, help="where to write the model")
    parser.add_argument("-m", metavar="MODEL", default=MODEL, help="the model to predict with")
    parser.add_argument("--predict", action="store_true")
    args = parser.parse_args()
    if args.predict:
        main_predict(args.m)
    else:
        main_train(args.o)


if __name__ == "__main__":
    sys.exit(main())
