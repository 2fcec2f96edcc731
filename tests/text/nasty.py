"""Texts on which a tokeniser may stumble."""

from hypothesis import strategies as st

from estran.text.tokens import LONGEST_WORD

NASTY = (
    "",
    " ",
    "a",
    "Le réseau social d'entreprise de l'équipe, c’est l’outil d’aujourd'hui.",
    "Jusqu’à l'été; lorsqu'il puisqu’elle QUOIQU'ON s'y n'y m'a t'a j'ai",
    "l''ami l'l'l' 'l' ' l ’’ l’",
    "don't I'd you’re rock 'n' roll O'Brien's 'quoted' 'plan c'",
    "e-mail - e--mail -e mail- vis‑à‑vis well‐known a-b-c-d'e’f",
    "service 🚀🚀 client 👩‍👩‍👧 ❤️ 1️⃣ \U0001d400bold 𠀀𠀁",
    "e\u0301te\u0301 a\u0301\u0302\u0303 \u0301seul a'\u0301b a-\u0301b",
    "日本語のテキスト 日本 中文，标点。 한국어 ไทย हिन्दी العربية",
    "3.14 10,000 2024-11-23 v2.0 x86_64 __init__ _ __ 50% №5 Ⅷ ½ ²",
    "tab\tnbsp\u00a0thin\u2009ideographic\u3000line\u2028next\rline\r\nend",
    "zero\u200bwidth soft\u00adhyphen bom\ufeff nul\x00nul",
    "İI ıi ẞß ΣΑΣ ſ K Å Ⱥ Ⱦ ǅ ŉ",
    "ȺȺȺ'x ȺȺ'x ÀÀÀ'x",
    "x" * LONGEST_WORD + " " + "y" * (LONGEST_WORD + 1) + " z",
    "é" * 600 + " fin",
    "a'" * 300 + "b l'" + "c-" * 200 + "d",
    "mot" + " " * 3000 + "mot" + "\u00a0" * 2000 + "mot suite",
    "one two three four five six seven eight nine ten",
    "12345678 123456789 1234567 1234567890123456 12345678901234567",
    "\ue000 \uffff \ufffd",
)

_CHARACTERS = st.sampled_from(list("aélL’'ʼ- ‑_.\n\t\u00a0d3É日\u0301\ufe0f🚀𠀀İȺKqutjcn"))
_WORDS = st.sampled_from((
    *(["réseau", "social", "d'entreprise", "l'équipe", "de", "la", "the", "of", "aujourd'hui", "e-mail", "jusqu’à", "don't", ".", ",", "\n"]),
    "🚀", "日本", "x" * 300, "e\u0301", "_",
))  # fmt: skip


def texts() -> st.SearchStrategy[str]:
    """Texts that hold what the rules are about, far more often than real ones."""
    of_words = st.lists(_WORDS, max_size=12).map(" ".join)
    return st.one_of(of_words, st.text(_CHARACTERS, max_size=40), st.sampled_from(NASTY))
