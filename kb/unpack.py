"""The bundled model written out for other tools: as a sentence-transformers folder, or as one ONNX file.

``python -m kb.unpack TARGET`` (a folder, or a file that ends in ``.onnx``): for training on one's own questions, and for
trying what other libraries make of the same weights. Nothing in the assistant needs it. Knows the two forms;
the weights come from ``kb/bundled_file.py``.
"""

from __future__ import annotations

import argparse
import json
import struct
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from kb.bundled_file import BundledFile
from kb.encoder import encoder_model
from kb.errors import ShouceError
from kb.home import unusable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

_TILDE, _KEPT = "\uff5e", "\ue000"  # the one common character that NFKC changes and the model's own table does not
LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_KINDS = {"w": "weight", "b": "bias"}


def write_onnx(target: Path, *, full: bool = False) -> None:
    """Write the encoder's layers to ``target``; ``full`` as float32 (85 MB), else in their 4 bits (13 MB).

    Input ``embeddings`` (n, length, 384): the sum of word, position and type rows; ``mask`` (n, length) int32.

    Raises:
        HomeUnusable: the file cannot be written.
    """
    try:
        target.write_bytes(encoder_model(BundledFile(), full=full))
    except OSError as error:
        raise unusable(target, error) from error


def write_sentence_transformers(folder: Path) -> None:
    """Write ``folder`` so that ``SentenceTransformer(folder)`` gives the bundled model's vectors (about 470 MB).

    Raises:
        HomeUnusable: the folder cannot be written.
    """
    file = BundledFile()
    try:
        for name, content in _settings(file).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
        _write_safetensors(folder / "model.safetensors", file)
    except OSError as error:
        raise unusable(folder, error) from error


def tensors(file: BundledFile) -> Iterator[tuple[str, Floats]]:
    """Yield every weight under the name that Hugging Face's BertModel gives it."""
    shape = file.shape
    yield "embeddings.word_embeddings.weight", file.words(np.arange(shape.vocabulary))
    yield "embeddings.position_embeddings.weight", file.floats("emb.pos").reshape(-1, shape.hidden)
    yield "embeddings.token_type_embeddings.weight", file.floats("emb.type").reshape(-1, shape.hidden)
    for short, long in _KINDS.items():
        yield f"embeddings.LayerNorm.{long}", file.floats(f"emb.ln.{short}")
    for layer in range(shape.layers):
        for part, name in LAYER_NAMES.items():
            for short, long in _KINDS.items():
                stored = f"l{layer}.{part}.{short}"
                matrix = short == "w" and not part.endswith("ln")
                value = file.matrix(stored) if matrix else file.floats(stored)
                yield f"encoder.layer.{layer}.{name}.{long}", value


def _write_safetensors(path: Path, file: BundledFile) -> None:
    """Write the weights; the form is a length, a table as JSON, then the numbers in the table's order."""
    table: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    at = 0
    for name, value in tensors(file):
        table[name] = {"dtype": "F32", "shape": list(value.shape), "data_offsets": [at, at + value.nbytes]}
        at += value.nbytes
    head = json.dumps(table).encode()
    head += b" " * (-len(head) % 8)
    with path.open("wb") as out:
        out.write(struct.pack("<Q", len(head)) + head)
        for _, value in tensors(file):
            out.write(np.ascontiguousarray(value, "<f4").data)


def _settings(file: BundledFile) -> dict[str, Any]:
    shape, module = file.shape, "sentence_transformers.models"
    config = {
        "model_type": "bert",
        "architectures": ["BertModel"],
        "hidden_size": shape.hidden,
        "num_hidden_layers": shape.layers,
        "num_attention_heads": shape.heads,
        "intermediate_size": shape.inner,
        "vocab_size": shape.vocabulary,
        "max_position_embeddings": shape.positions,
        "type_vocab_size": shape.types,
        "layer_norm_eps": 1e-12,
        "hidden_act": "gelu",
        "pad_token_id": file.special.padding,
        "tokenizer_class": "XLMRobertaTokenizer",
    }
    tokens = {
        "bos": "<s>",
        "eos": "</s>",
        "unk": "<unk>",
        "sep": "</s>",
        "pad": "<pad>",
        "cls": "<s>",
        "mask": "<mask>",
    }
    return {
        "config.json": config,
        "tokenizer.json": _tokenizer(file),
        "tokenizer_config.json": {
            **{f"{name}_token": token for name, token in tokens.items()},
            "model_max_length": shape.positions,
            "tokenizer_class": "PreTrainedTokenizerFast",
        },
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": f"{module}.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": f"{module}.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": f"{module}.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "passage": "passage: "}},
    }


def _tokenizer(file: BundledFile) -> dict[str, Any]:
    """Return the tokenizer as the library ``tokenizers`` reads it.

    The model's table of replacements is NFKC but for control characters, odd spaces and one tilde.
    """
    dropped = "".join(chr(code) for code, text in file.replacements.items() if not text)
    spaces = "".join(chr(code) for code, text in file.replacements.items() if text == " ")
    steps = [
        _replace("String", _TILDE, _KEPT),
        _replace("Regex", f"[{_escaped(dropped)}]", ""),
        _replace("Regex", f"[{_escaped(spaces)}]", " "),
        {"type": "NFKC"},
        _replace("String", _KEPT, _TILDE),
        _replace("Regex", " {2,}", " "),
    ]
    pieces = list(zip(file.pieces, file.piece_scores.tolist(), strict=True))
    special = file.special
    marks = {special.begin: "<s>", special.padding: "<pad>", special.end: "</s>", special.unknown: "<unk>"}
    marks[len(pieces) - 1] = "<mask>"
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    begin, end = ({"SpecialToken": {"id": token, "type_id": 0}} for token in ("<s>", "</s>"))
    one, two = ({"Sequence": {"id": name, "type_id": 0}} for name in "AB")
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": number, "content": text, **flags} for number, text in sorted(marks.items())],
        "normalizer": {"type": "Sequence", "normalizers": steps},
        "pre_tokenizer": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [begin, one, end],
            "pair": [begin, one, end, end, two, end],
            "special_tokens": {
                text: {"id": text, "ids": [number], "tokens": [text]}
                for number, text in marks.items()
                if text in ("<s>", "</s>")
            },
        },
        "decoder": {"type": "Metaspace", "replacement": "▁", "prepend_scheme": "always", "split": False},
        "model": {"type": "Unigram", "unk_id": special.unknown, "vocab": pieces, "byte_fallback": False},
    }


def _replace(kind: str, pattern: str, content: str) -> dict[str, Any]:
    return {"type": "Replace", "pattern": {kind: pattern}, "content": content}


def _escaped(characters: str) -> str:
    return "".join(f"\\x{{{ord(one):x}}}" for one in characters)


def main() -> None:
    """Write the form that the target's name asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", type=Path, help="folder for sentence-transformers, or FILE.onnx")
    parser.add_argument("--full", action="store_true", help="ONNX in float32 (85 MB) instead of 4 bits (13 MB)")
    arguments = parser.parse_args()
    if arguments.target.suffix == ".onnx":
        write_onnx(arguments.target, full=arguments.full)
    else:
        write_sentence_transformers(arguments.target)


if __name__ == "__main__":
    try:
        main()
    except ShouceError as error:
        sys.exit(str(error))
