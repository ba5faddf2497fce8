"""Predicts the darkness and lightness of an image, a plain PGM (P2); each request
has one."""

import json


def model_fn(model_dir):
    return None


def input_fn(body, content_type):
    words = body.split()
    if words[0] != b"P2":
        raise ValueError("the image is no PGM of text")
    width, height, most = map(int, words[1:4])
    pixels = list(map(int, words[4:]))
    if len(pixels) != width * height:
        raise ValueError("%d pixels, not %d" % (len(pixels), width * height))
    return sum(pixels) / len(pixels) / most


def predict_fn(light, model):
    return [round(1 - light, 3), round(light, 3)]


def output_fn(prediction, accept):
    return json.dumps({"prediction": prediction}) + "\n", "application/json"
