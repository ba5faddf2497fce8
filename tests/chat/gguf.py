"""Writes a tiny llama model to the file named: random weights, one token a byte.

It knows nothing; it is there so that a real engine runs, with its tokenizer,
sampler and grammars.  The same seed, the same bytes.

The format: github.com/ggml-org/ggml, docs/gguf.md, version 3, little-endian.
"""
import random
import struct
import sys

UINT32, FLOAT32, BOOL, STRING, ARRAY, INT32 = 4, 6, 7, 8, 9, 5
CODES = {UINT32: "<I", FLOAT32: "<f", BOOL: "<?", INT32: "<i"}
ALIGNMENT = 32

WIDTH, HIDDEN, LAYERS, HEADS, KV_HEADS = 48, 96, 2, 4, 2
KV_WIDTH = WIDTH // HEADS * KV_HEADS


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def value(kind, v):
    if kind == STRING:
        return string(v)
    if kind == ARRAY:
        of, items = v
        head = struct.pack("<IQ", of, len(items))
        return head + b"".join(value(of, i) for i in items)
    return struct.pack(CODES[kind], v)


def vocabulary():
    """Tokens and their types: 1 a piece of text, 2 unknown, 3 control, 6 a byte."""
    yield "<unk>", 2
    yield "<s>", 3
    yield "</s>", 3
    for byte in range(256):
        yield "<0x%02X>" % byte, 6
    # How the tokenizer writes a blank.
    yield "\u2581", 1


def keys(tokens):
    # A message ends with </s>: the engine takes what ends one for a stop word.
    template = (
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}</s>"
        "{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
    )
    yield "general.architecture", STRING, "llama"
    yield "llama.context_length", UINT32, 2048
    yield "llama.embedding_length", UINT32, WIDTH
    yield "llama.block_count", UINT32, LAYERS
    yield "llama.feed_forward_length", UINT32, HIDDEN
    yield "llama.attention.head_count", UINT32, HEADS
    yield "llama.attention.head_count_kv", UINT32, KV_HEADS
    yield "llama.attention.layer_norm_rms_epsilon", FLOAT32, 1e-5
    yield "tokenizer.ggml.model", STRING, "llama"
    yield "tokenizer.ggml.tokens", ARRAY, (STRING, [t for t, _ in tokens])
    yield "tokenizer.ggml.scores", ARRAY, (FLOAT32, [0.0] * len(tokens))
    yield "tokenizer.ggml.token_type", ARRAY, (INT32, [k for _, k in tokens])
    yield "tokenizer.ggml.bos_token_id", UINT32, 1
    yield "tokenizer.ggml.eos_token_id", UINT32, 2
    yield "tokenizer.ggml.add_space_prefix", BOOL, False
    yield "tokenizer.chat_template", STRING, template


def tensors(n):
    """Names and dimensions, the one that varies fastest first."""
    yield "token_embd.weight", (WIDTH, n)
    yield "output_norm.weight", (WIDTH,)
    yield "output.weight", (WIDTH, n)
    for i in range(LAYERS):
        for name, dims in (
            ("attn_norm", (WIDTH,)),
            ("attn_q", (WIDTH, WIDTH)),
            ("attn_k", (WIDTH, KV_WIDTH)),
            ("attn_v", (WIDTH, KV_WIDTH)),
            ("attn_output", (WIDTH, WIDTH)),
            ("ffn_norm", (WIDTH,)),
            ("ffn_gate", (WIDTH, HIDDEN)),
            ("ffn_up", (WIDTH, HIDDEN)),
            ("ffn_down", (HIDDEN, WIDTH)),
        ):
            yield "blk.%d.%s.weight" % (i, name), dims


def padding(n):
    return b"\0" * (-n % ALIGNMENT)


def weights(dims, rng):
    if len(dims) == 1:
        return struct.pack("<%df" % dims[0], *[1.0] * dims[0])
    n = dims[0] * dims[1]
    return struct.pack("<%df" % n, *(rng.uniform(-0.3, 0.3) for _ in range(n)))


def main(path, seed=1):
    rng = random.Random(int(seed))
    tokens = list(vocabulary())
    table, data = b"", b""
    every = list(tensors(len(tokens)))
    for name, dims in every:
        table += string(name) + struct.pack("<I", len(dims))
        table += struct.pack("<%dQ" % len(dims), *dims)
        table += struct.pack("<IQ", 0, len(data))  # 0: float32
        data += weights(dims, rng)
        data += padding(len(data))
    pairs = list(keys(tokens))
    head = b"GGUF" + struct.pack("<IQQ", 3, len(every), len(pairs))
    for key, kind, v in pairs:
        head += string(key) + struct.pack("<I", kind) + value(kind, v)
    head += table
    with open(path, "wb") as f:
        f.write(head + padding(len(head)) + data)


if __name__ == "__main__":
    main(*sys.argv[1:])
