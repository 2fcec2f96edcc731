"""LDA, NMF and BERTopic on TF-IDF, none of which downloads anything: run in an environment of its own.

Reads JSON from a file (texts, topics asked for), prints one line of JSON with a group for each text.
"""

# ruff: noqa: PLC0415  # each method needs its own packages

import json
import sys
import time
import warnings
from pathlib import Path

warnings.filterwarnings("ignore")


def main() -> None:
    asked = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    started = time.perf_counter()
    topic = METHODS[sys.argv[1]](asked["texts"], asked["topics"])
    print(json.dumps({"topic": [int(each) for each in topic], "seconds": time.perf_counter() - started}))


def lda(texts, topics):
    from sklearn.decomposition import LatentDirichletAllocation
    from sklearn.feature_extraction.text import CountVectorizer

    counts = CountVectorizer(min_df=2, stop_words="english").fit_transform(texts)
    model = LatentDirichletAllocation(topics, random_state=0, max_iter=20, learning_method="online")
    return model.fit_transform(counts).argmax(axis=1)


def nmf(texts, topics):
    from sklearn.decomposition import NMF

    return (
        NMF(topics, random_state=0, init="nndsvd", max_iter=200).fit_transform(weighted(texts)).argmax(axis=1)
    )


def bertopic(texts, _):
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.decomposition import TruncatedSVD
    from sklearn.preprocessing import normalize
    from umap import UMAP

    weights = weighted(texts)
    vectors = normalize(TruncatedSVD(min(100, weights.shape[1] - 1), random_state=0).fit_transform(weights))
    model = BERTopic(
        embedding_model=None,
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=0),
        hdbscan_model=HDBSCAN(min_cluster_size=10, prediction_data=False),
    )
    topic, _ = model.fit_transform(texts, vectors)
    return topic if min(topic) >= 0 else model.reduce_outliers(texts, topic, strategy="c-tf-idf")


def weighted(texts):
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(texts)


METHODS = {"LDA": lda, "NMF": nmf, "BERTopic": bertopic}

if __name__ == "__main__":
    main()
