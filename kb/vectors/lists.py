"""The index for many vectors: inverted lists in half precision, searched in part.

Knows one kind of FAISS index, not ids or files. Vectors are grouped around centres found in a sample (k-means on the
sphere); a query looks into the lists of the nearest centres only (Sivic & Zisserman 2003; Jégou, Douze & Schmid 2011).
A vector takes two bytes a dimension and its number: one byte loses 1.5 points of recall@10, and no time is won by it.
Recall and times: ``python -m eval.scale``.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import faiss
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

EXACT = 50_000  # up to so many vectors every one is compared: 8 ms
SAMPLE_PER_LIST = 40
PROBES = 256
_ITERATIONS = 10
_SEED = 1
_SEARCH: Any = faiss.SearchParametersIVF
_BITMAP: Any = faiss.IDSelectorBitmap


def list_count(count: int) -> int:
    """Return in how many lists ``count`` vectors are kept: the time for centres and for lists grows alike."""
    return 4 * math.isqrt(count)


def sample_size(count: int) -> int:
    """Return how many of ``count`` vectors ``trained`` should see."""
    return min(count, SAMPLE_PER_LIST * list_count(count))


def trained(sample: NDArray[np.float32], count: int) -> Any:  # noqa: ANN401
    """Return an empty index for about ``count`` unit vectors like those of ``sample``, shape (vectors, dimension)."""
    dimension = int(sample.shape[1])
    lists = min(list_count(count), len(sample))
    index = faiss.IndexIVFScalarQuantizer(
        faiss.IndexFlatIP(dimension),
        dimension,
        lists,
        faiss.ScalarQuantizer.QT_fp16,
        faiss.METRIC_INNER_PRODUCT,
    )
    index.cp.niter = _ITERATIONS
    index.cp.seed = _SEED
    index.cp.min_points_per_centroid = 1
    index.train(np.ascontiguousarray(sample))
    return index


def by_number(index: Any) -> Any:  # noqa: ANN401
    """Return ``index`` able to give a vector back by its number."""
    if index.direct_map.no():
        kinds: Any = faiss
        index.set_direct_map_type(kinds.DirectMap.Hashtable)
    return index


def parameters(index: Any, rows: NDArray[np.int64] | None, size: int) -> Any:  # noqa: ANN401 (its types miss some)
    """Return how to search ``index`` among ``rows`` (None: all) of numbers below ``size``.

    The fewer rows may be found, the more lists are looked into; a small part of all is searched completely.
    """
    if rows is None:
        return _SEARCH(nprobe=min(PROBES, index.nlist))
    mask = np.zeros(-(-size // 8) * 8, dtype=np.bool_)
    mask[rows] = True
    selector = _BITMAP(np.packbits(mask, bitorder="little"))
    probes = math.ceil(PROBES * size / max(len(rows), 1))
    return _SEARCH(sel=selector, nprobe=min(probes, index.nlist))
