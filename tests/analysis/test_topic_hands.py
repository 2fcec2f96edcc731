"""What somebody decided about topics: keys, answers, and topics that are told as one."""

from hypothesis import given
from hypothesis import strategies as st

from estran.analysis.topic_hands import answered, key_of, told_as, unknown
from estran.stats.known import Event
from estran.text.edits import Accept, Reject

A, B, C = (letter * 26 for letter in "ABC")


def test_a_merge_is_named_by_both_topics_a_split_by_its_turn():
    assert key_of(Event("merge", (B, A), (), (5, 5), 0.1), {}) == (A, B)
    split = Event("split", (A,), (), (5, 5), 1.0)
    assert (key_of(split, {}), key_of(split, {A: ((B,),)})) == ((A, "split"), (A, "split 2"))


def test_the_last_word_holds_and_themes_are_no_topics():
    edits = [Accept(B, A), Reject(A, B), Accept("rse", "responsabilité"), Accept(C, "split")]
    assert answered(edits) == {(A, B): False, (C, "split"): True}


def test_topics_that_were_merged_are_told_as_the_oldest():
    assert told_as([A, B, C], [Accept(B, C), Accept(A, B)], {}) == {B: A, C: A}


def test_a_split_that_was_taken_back_is_told_as_one_topic_again():
    splits = {A: ((B,), (C,))}
    assert told_as([A, B, C], [Accept(A, "split"), Accept(A, "split 2")], splits) == {}
    assert told_as([A, B, C], [Accept(A, "split")], splits) == {C: A}
    assert told_as([A, B, C], [], splits) == {B: A, C: A}


def test_an_answer_about_a_topic_that_is_no_more_is_told():
    edits = [Accept(A, B, line=3), Accept(A, "split", line=7), Reject(B, C)]
    assert unknown(edits, [A, C]) == [edits[0]]


@given(st.permutations([(A, B), (B, C)]), st.booleans())
def test_the_order_of_answers_does_not_matter(pairs, turned):
    edits = [Accept(two, one) if turned else Accept(one, two) for one, two in pairs]
    assert told_as([A, B, C], edits, {}) == {B: A, C: A}
