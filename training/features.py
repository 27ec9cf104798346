"""Turns texts into the matrix that the linear heads learn from, by the product's own normaliser and n-grams."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from moderation.detectors import ngrams
from moderation.detectors.heads import IDF_STEPS

_BATCH = 256


def count_matrix(texts: Sequence[str]) -> sparse.csr_matrix:
    """How often each n-gram bucket (columns) occurs in each normalised text (rows)."""
    buckets, counts, ends, total = [], [], [0], 0
    for start in range(0, len(texts), _BATCH):
        counted = ngrams.count(texts[start : start + _BATCH])
        buckets.append(counted.buckets.astype(np.int32))
        counts.append(counted.counts.astype(np.float32))
        ends.extend((np.append(counted.first[1:], len(counted.buckets)) + total).tolist())
        total += len(counted.buckets)
    shape = (len(texts), 1 << ngrams.BUCKET_BITS)
    return sparse.csr_matrix((np.concatenate(counts), np.concatenate(buckets), np.array(ends)), shape=shape)


def inverse_frequencies(counts: sparse.csr_matrix, at_least: int) -> NDArray[np.float32]:
    """One number a bucket, 0 where fewer than ``at_least`` texts hold it, rounded to what the artifact can store."""
    texts_with = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + texts_with)) + 1
    rounded = np.clip(np.rint(idf * IDF_STEPS), 0, 255) / IDF_STEPS
    return np.where(texts_with >= at_least, rounded, 0).astype(np.float32)


def tfidf(counts: sparse.csr_matrix, idf: NDArray[np.float32]) -> sparse.csr_matrix:
    """Sublinear term frequency times inverse document frequency, each row of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(np.minimum(weighted.data, 256))) * idf[weighted.indices]
    norms = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel()) + 1e-9
    return (sparse.diags((1 / norms).astype(np.float32)) @ weighted).tocsr()
