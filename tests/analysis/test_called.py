from estran.analysis.board import id_of
from estran.analysis.called import nearest, theme_called
from estran.model import Concept

BREAD = Concept("pain", (("fr", "pain"),), 1.0, uses=(40,))
ACHE = Concept("pain", (("en", "pain"), ("en", "aches")), 1.0, uses=(10, 90), names=(("en", "Complaints"),))
LOCKER = Concept("parcel locker", (("en", "parcel locker"),), 1.0, uses=(5,))
ALL = (BREAD, ACHE, LOCKER)


def test_a_theme_is_meant_by_a_form_its_label_or_its_id():
    assert theme_called(ALL, "Parcel  lockér") is None
    assert theme_called(ALL, "Parcel Locker") == 2
    assert theme_called(ALL, "complaints") == 1
    assert theme_called(ALL, id_of(LOCKER)) == 2


def test_of_several_the_larger_is_meant_unless_a_language_says_which():
    assert theme_called(ALL, "pain") == 1
    assert theme_called(ALL, "fr:pain") == 0
    assert theme_called(ALL, "fr:aches") is None


def test_what_is_no_phrase_is_no_theme_and_the_nearest_are_told():
    assert theme_called(ALL, "!!!") is None
    assert nearest(ALL, "locker") == ("parcel locker",)
    assert nearest(ALL, "parcel loker") == ("parcel locker",)
    assert nearest(ALL, "xyzzy") == ()
