"""Converts answers in a form to numbers: units are removed, and anything that is
not a number is missing."""


def model_fn(model_dir):
    return None


def input_fn(body, content_type):
    return [line.split(",") for line in body.splitlines()]


def number(answer):
    text = answer.split(" ")[0]
    try:
        return repr(float(text))
    except ValueError:
        return ""


def predict_fn(rows, model):
    return [[number(answer) for answer in row] for row in rows]


def output_fn(rows, accept):
    return "".join(",".join(row) + "\n" for row in rows), "text/csv"
