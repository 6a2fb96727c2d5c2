from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assistant.sentences import clip, split

TEXT = st.text(alphabet="客户投诉。！？；，”\n 例如1", max_size=80)


@given(TEXT)
def test_split_leaves_out_white_space_only(text: str) -> None:
    spans = split(text)
    assert "".join("".join(span.of(text).split()) for span in spans) == "".join(text.split())
    assert all(before.end <= after.start for before, after in pairwise(spans))


def test_split_keeps_closing_quotes_with_their_sentence() -> None:
    text = "他说：“马上到。”然后挂断。"
    assert [span.of(text) for span in split(text)] == ["他说：“马上到。”", "然后挂断。"]


@given(TEXT, st.integers(1, 60))
def test_clip_gives_whole_sentences(text: str, limit: int) -> None:
    clipped = clip(text, limit).of(text)
    wholes = [span.of(text) for span in split(text)]
    assert not wholes or clipped.startswith(wholes[0])
    assert not wholes or any(clipped.endswith(one) for one in wholes)
