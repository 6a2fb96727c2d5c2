"""An ONNX graph of a BERT encoder, written without the onnx package.

Knows the protobuf wire format of the few messages a graph needs, and the layers of BERT as ONNX Runtime's own operators.
Knows no model file. Sources: onnx.proto3 of ONNX 1.16 for field numbers, ONNX Runtime's contrib operators for the rest.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Attribute = int | float | str
BLOCK = 32
_IR_VERSION = 9
_OPSET = 17
_MICROSOFT = "com.microsoft"
_TENSOR_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7, "float16": 10}
# AttributeProto: the field that holds the value, and the type that names it
_FLOAT, _INT, _STRING = (2, 1), (3, 2), (4, 3)
_INT8_ARITHMETIC = 4  # MatMulNBits' accuracy_level: activations are rounded to 8 bits, block by block


@dataclass(frozen=True, slots=True)
class Packed:
    """A matrix of n outputs and k inputs in whole steps, 32 inputs to a scale.

    ``steps`` (n, k / 32, 4 · bits) uint8, two to a byte where ``bits`` is 4; ``scales`` (n, k / 32) float32; a weight of
    0 is stored as ``2 ** (bits - 1)``.
    """

    steps: NDArray[np.uint8]
    scales: Floats
    bits: int


class Weights(Protocol):
    """Where a layer's weights come from: matrices (outputs, inputs), packed or not, and vectors (n,)."""

    def __call__(self, name: str, /) -> Floats | Packed:
        """Return the tensor ``name``."""
        ...


@dataclass
class Graph:
    """Nodes and constants, in the order they were added; every method returns the name of its result."""

    nodes: list[bytes] = field(default_factory=list)
    constants: list[bytes] = field(default_factory=list)
    _count: int = 0

    def constant(self, value: NDArray[Any], name: str = "") -> str:
        """Add a constant tensor."""
        name = name or self._new("c")
        self.constants.append(_tensor(name, value))
        return name

    def node(
        self, kind: str, inputs: Sequence[str], *, domain: str = "", outputs: int = 1, **attributes: Attribute
    ) -> str:
        """Add an operator; with several outputs, their names are the result with ``_0``, ``_1`` … behind."""
        name = self._new(kind)
        results = [name] if outputs == 1 else [f"{name}_{at}" for at in range(outputs)]
        message = b"".join(_text(1, one) for one in inputs) + b"".join(_text(2, one) for one in results)
        message += _text(3, name) + _text(4, kind)
        message += b"".join(_bytes(5, _attribute(key, value)) for key, value in attributes.items())
        self.nodes.append(message + _text(7, domain))
        return name

    def linear(self, value: str, weight: Floats | Packed) -> str:
        """Multiply by ``weight``; a packed one is multiplied packed, with inputs rounded to 8 bits block by block."""
        if not isinstance(weight, Packed):
            return self.node("MatMul", [value, self.constant(np.ascontiguousarray(weight.T))])
        outputs, blocks = weight.scales.shape
        return self.node(
            "MatMulNBits",
            [value, self.constant(weight.steps), self.constant(weight.scales.reshape(-1))],
            domain=_MICROSOFT,
            K=blocks * BLOCK,
            N=outputs,
            bits=weight.bits,
            block_size=BLOCK,
            accuracy_level=_INT8_ARITHMETIC,
        )

    def model(self, inputs: Mapping[str, tuple[str, Sequence[str | int]]], outputs: Mapping[str, str]) -> bytes:
        """Return the whole model: ``inputs`` name → (type, shape), ``outputs`` result → type; shapes may hold names."""
        parts = [*(_bytes(1, node) for node in self.nodes), _text(2, "encoder")]
        for constant in self.constants:  # the weights: joined once, not copied with every message around them
            parts += (_head(5, len(constant)), constant)
        parts += [_bytes(11, _value(name, kind, shape)) for name, (kind, shape) in inputs.items()]
        parts += [_bytes(12, _value(name, kind, None)) for name, kind in outputs.items()]
        versions = _bytes(8, _number(2, _OPSET)) + _bytes(8, _text(1, _MICROSOFT) + _number(2, 1))
        head = _number(1, _IR_VERSION) + _text(2, "shouce") + _head(7, sum(map(len, parts)))
        return b"".join((head, *parts, versions))

    def _new(self, kind: str) -> str:
        self._count += 1
        return f"{kind}_{self._count}"


def _joined(parts: Sequence[Floats | Packed]) -> Floats | Packed:
    """Return matrices (or vectors) of the same inputs one below the other."""
    if isinstance(parts[0], Packed):
        matrices = [part for part in parts if isinstance(part, Packed)]
        steps = np.concatenate([part.steps for part in matrices])
        return Packed(steps, np.concatenate([part.scales for part in matrices]), parts[0].bits)
    return np.concatenate([part for part in parts if not isinstance(part, Packed)])


def add_encoder(graph: Graph, weights: Weights, layers: int, heads: int, epsilon: float) -> str:
    """Add BERT's first ``layers`` over the inputs ``embeddings`` (n, length, hidden) and ``mask`` (n, length) int32.

    The embeddings are the sum of word, position and type, before their normalisation. Returns the hidden states.
    """
    flat = [graph.constant(_floats(weights, f"emb.ln.{part}")) for part in "wb"]
    state = graph.node("LayerNormalization", ["embeddings", *flat], axis=-1, epsilon=epsilon)
    for layer in range(layers):
        state = _add_layer(graph, weights, f"l{layer}.", state, heads, epsilon)
    return state


def _add_layer(graph: Graph, weights: Weights, at: str, state: str, heads: int, epsilon: float) -> str:
    def normalised(name: str, out: str, bias: str) -> str:
        constants = [graph.constant(_floats(weights, f"{at}{one}")) for one in (f"{name}.w", f"{name}.b", bias)]
        return graph.node("SkipLayerNormalization", [state, out, *constants], domain=_MICROSOFT, epsilon=epsilon)

    bias = np.concatenate([_floats(weights, f"{at}{part}.b") for part in "qkv"])
    projected = graph.linear(state, _joined([weights(f"{at}{part}.w") for part in "qkv"]))
    projected = graph.node("Add", [projected, graph.constant(bias)])
    sizes = graph.constant(np.full(3, len(bias) // 3, np.int64))
    parts = graph.node("Split", [projected, sizes], outputs=3, axis=-1)
    operands = [f"{parts}_{number}" for number in range(3)]
    attended = graph.node("MultiHeadAttention", [*operands, "", "mask"], domain=_MICROSOFT, num_heads=heads)
    state = normalised("aln", graph.linear(attended, weights(f"{at}ao.w")), "ao.b")
    inner = graph.linear(state, weights(f"{at}fi.w"))
    inner = graph.node("BiasGelu", [inner, graph.constant(_floats(weights, f"{at}fi.b"))], domain=_MICROSOFT)
    return normalised("oln", graph.linear(inner, weights(f"{at}fo.w")), "fo.b")


def _floats(weights: Weights, name: str) -> Floats:
    value = weights(name)
    if isinstance(value, Packed):
        raise TypeError(f"{name} is a matrix, not a vector")
    return value


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value & 0xFFFFFFFFFFFFFFFF)


def _bytes(number: int, value: bytes) -> bytes:
    return _head(number, len(value)) + value


def _head(number: int, length: int) -> bytes:
    return _varint(number << 3 | 2) + _varint(length)


def _text(number: int, value: str) -> bytes:
    return _bytes(number, value.encode())


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        kind, body = _FLOAT[1], _varint(_FLOAT[0] << 3 | 5) + struct.pack("<f", value)
    elif isinstance(value, int):
        kind, body = _INT[1], _number(_INT[0], value)
    else:
        kind, body = _STRING[1], _text(_STRING[0], value)
    return _text(1, name) + body + _number(20, kind)


def _tensor(name: str, value: NDArray[Any]) -> bytes:
    head = b"".join(_number(1, size) for size in value.shape) + _number(2, _TENSOR_TYPES[value.dtype.name])
    return head + _text(8, name) + _bytes(9, value.tobytes())


def _value(name: str, kind: str, shape: Sequence[str | int] | None) -> bytes:
    tensor = _number(1, _TENSOR_TYPES[kind])
    if shape is not None:
        sizes = (_number(1, size) if isinstance(size, int) else _text(2, size) for size in shape)
        tensor += _bytes(2, b"".join(_bytes(1, size) for size in sizes))
    return _text(1, name) + _bytes(2, _bytes(1, tensor))
