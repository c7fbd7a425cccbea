"""Makes a tiny language model that sees, with random weights, as two GGUF files.

    make-model.py FOLDER

`FOLDER/model.gguf` is of the Llama architecture: two layers of 64 numbers, a vocabulary of the
256 bytes and a few words, 32,768 tokens of context. `FOLDER/pictures.gguf` is a CLIP encoder of
two layers with a two-layer projector (LLaVA's) that turns a picture into 16 tokens. Nobody
trained them: they answer nonsense, but the server that runs them is the one that runs real
models, and its grammar makes the nonsense parseable JSON.

The same files come out on every run: the generator of random numbers has a fixed seed.
"""

import sys
from pathlib import Path

import gguf
import numpy as np

LAYERS, WIDTH, HEADS, INNER, CONTEXT = 2, 64, 4, 128, 32_768
SPREAD = 1.5
PICTURE, PATCH, SIGHT = 56, 14, 32
# What is a token of its own: words of the schemas and of prompts, so that neither takes a token
# per letter, and a few Chinese characters, so that whole ones are answered and not bytes alone.
WORDS = (
    "item kind question answer claims text spans images stem options correct explanation turns "
    "role user assistant request sections imaging_findings diagnosis treatment_patient "
    "treatment_clinician risk_prognosis postoperative basis derivation changes part reason "
    "consultation report the of and to in a is that for with no not at on patient disc level "
    "evidence image write each one must what from only language"
).split()
CHARACTERS = "的是腰痛椎间盘突出神经根影像治疗手术。，"
# How much tokens are preferred to others, or avoided. Nothing tells random weights to close a
# string or a list, so hardly any answer would end before the most tokens allowed; and bytes
# that are no whole character are no answer that a server can pass on.
LIKED = {'"': 2.6, "]": 2.0, ",": -0.5, " ": -6.0, "\t": -6.0, "\n": -6.0, "\r": -6.0}
PART_OF_A_CHARACTER = -6.0
WORD = 0.5

TEMPLATE = (
    "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\\n' }}"
    "{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}"
)


def printable(byte):
    """The character that stands for a byte in vocabularies of byte-level BPE."""
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    if byte in plain:
        return chr(byte)
    return chr(0x100 + [b for b in range(0x100) if b not in plain].index(byte))


def vocabulary():
    """The tokens, the merges that build them from bytes, and how much each is liked."""
    words = [printable(byte) for byte in range(0x100)]
    liking = [LIKED.get(chr(byte), 0.0) for byte in range(0x80)] + [PART_OF_A_CHARACTER] * 0x80
    merges = []
    wholes = {**dict.fromkeys(WORDS, WORD), **{f" {word}": 0.0 for word in WORDS}}
    wholes |= dict.fromkeys(CHARACTERS, 0.0)
    for whole, liked in wholes.items():
        printed = "".join(printable(byte) for byte in whole.encode())
        for length in range(2, len(printed) + 1):
            if printed[:length] not in words:
                words.append(printed[:length])
                merges.append(f"{printed[:length - 1]} {printed[length - 1]}")
                liking.append(0.0 if whole.isascii() else PART_OF_A_CHARACTER)
        liking[words.index(printed)] = liked
    return words, merges, liking


def weights(random, *shape):
    return random.normal(0, SPREAD * shape[-1] ** -0.5, shape).astype(np.float32)


def language(path, random):
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random weights")
    writer.add_context_length(CONTEXT)
    writer.add_block_count(LAYERS)
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_layer_norm_rms_eps(1e-5)

    words, merges, liking = vocabulary()
    special = ["<start>", "<end>"]
    normal, control = gguf.TokenType.NORMAL, gguf.TokenType.CONTROL
    writer.add_vocab_size(len(words) + len(special))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words + special)
    writer.add_token_types([normal] * len(words) + [control] * len(special))
    writer.add_token_merges(merges)
    writer.add_bos_token_id(len(words))
    writer.add_eos_token_id(len(words) + 1)
    writer.add_add_bos_token(True)
    writer.add_chat_template(TEMPLATE)

    size = len(words) + len(special)
    embedding, output = weights(random, size, WIDTH), weights(random, size, WIDTH)
    # The first number is the same for every token and no layer changes it, so that the output
    # can prefer some tokens whatever was said before.
    embedding *= WIDTH**0.5
    embedding[:, 0], output[:, 0] = WIDTH**0.5, 0.0
    output[: len(words), 0] = liking
    writer.add_tensor("token_embd.weight", embedding)
    writer.add_tensor("output.weight", output)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for name in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", np.ones(WIDTH, np.float32))
        for name in ("attn_q", "attn_k", "attn_v"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights(random, WIDTH, WIDTH))
        for name in ("ffn_gate", "ffn_up"):
            writer.add_tensor(f"blk.{layer}.{name}.weight", weights(random, INNER, WIDTH))
        for name, width in (("attn_output", WIDTH), ("ffn_down", INNER)):
            back = weights(random, WIDTH, width)
            back[0] = 0.0
            writer.add_tensor(f"blk.{layer}.{name}.weight", back)
    finish(writer)


def sight(path, random):
    writer = gguf.GGUFWriter(path, "clip")
    writer.add_type(gguf.GGUFType.MMPROJ)
    writer.add_name("random weights")
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", "mlp")
    writer.add_bool("clip.use_gelu", True)
    writer.add_uint32("clip.vision.image_size", PICTURE)
    writer.add_uint32("clip.vision.patch_size", PATCH)
    writer.add_uint32("clip.vision.embedding_length", SIGHT)
    writer.add_uint32("clip.vision.feed_forward_length", 2 * SIGHT)
    writer.add_uint32("clip.vision.projection_dim", WIDTH)
    writer.add_uint32("clip.vision.block_count", LAYERS)
    writer.add_uint32("clip.vision.attention.head_count", HEADS)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", 1e-5)
    writer.add_array("clip.vision.image_mean", [0.5] * 3)
    writer.add_array("clip.vision.image_std", [0.5] * 3)

    def linear(name, out, into):
        writer.add_tensor(f"{name}.weight", weights(random, out, into))
        writer.add_tensor(f"{name}.bias", np.zeros(out, np.float32))

    def norm(name):
        writer.add_tensor(f"{name}.weight", np.ones(SIGHT, np.float32))
        writer.add_tensor(f"{name}.bias", np.zeros(SIGHT, np.float32))

    places = (PICTURE // PATCH) ** 2 + 1
    writer.add_tensor("v.patch_embd.weight", weights(random, SIGHT, 3, PATCH, PATCH))
    writer.add_tensor("v.class_embd", weights(random, SIGHT))
    writer.add_tensor("v.position_embd.weight", weights(random, places, SIGHT))
    norm("v.pre_ln")
    for layer in range(LAYERS):
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            linear(f"v.blk.{layer}.{name}", SIGHT, SIGHT)
        linear(f"v.blk.{layer}.ffn_up", 2 * SIGHT, SIGHT)
        linear(f"v.blk.{layer}.ffn_down", SIGHT, 2 * SIGHT)
        norm(f"v.blk.{layer}.ln1")
        norm(f"v.blk.{layer}.ln2")
    norm("v.post_ln")
    linear("mm.0", WIDTH, SIGHT)
    linear("mm.2", WIDTH, WIDTH)
    finish(writer)


def finish(writer):
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def make(folder):
    random = np.random.default_rng(1)
    language(Path(folder) / "model.gguf", random)
    sight(Path(folder) / "pictures.gguf", random)


if __name__ == "__main__":
    make(sys.argv[1])
