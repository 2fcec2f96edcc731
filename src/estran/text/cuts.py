"""What is cut out of one message before it is counted: quotes, signatures, footers, code, markup, links."""

from __future__ import annotations

import html
from dataclasses import dataclass

import polars as pl

BREAK = " | "
"""Stands for what was cut inside a line: it ends a phrase and is no word."""

CLOSINGS = (
    "best regards|kind regards|warm regards|kindest regards|with best regards|many thanks and best|regards|best wishes|"
    "all the best|warmly|sincerely|yours sincerely|yours faithfully|yours truly|respectfully|cheers|best|"
    "many thanks|thanks in advance|thanks and regards|thank you and regards|thanks|"
    "cordialement|bien cordialement|très cordialement|sincèrement|bien à vous|bien à toi|cordiales salutations|"
    "salutations distinguées|sincères salutations|bonne journée|bonne soirée|belle journée|amicalement|à bientôt|"
    "bonne réception|merci d'avance|respectueusement"
)
"""How people close a message; a name may follow."""

CODE_LINE = r"^(\t| {4,})[^\n]*[;{}()=<>\[\]$\\]|^\s*File [\"“”].*, line \d+|^\s*(Traceback \(most recent call last\)|Call stack|Stack trace|Backtrace)|^\s*at [A-Za-z0-9_$.<>]+\([A-Za-z0-9_.: ]*\)\s*$|^\s*[A-Za-z0-9_.]+(Error|Exception|Warning) ?:|^\[?\d{4}-\d\d-\d\d[ T]\d\d:\d\d|^\[?\d{1,2}:\d\d:\d\d|^\s*\[?(DEBUG|INFO|WARN|WARNING|ERROR|FATAL|VERBOSE|TRACE)[\]: ]|^\s*(#include|#define|import [A-Za-z0-9_.]+$|import [A-Za-z0-9_.]+ as [A-Za-z0-9_]|from [A-Za-z0-9_.]+ import |def [A-Za-z0-9_]+\(|class [A-Za-z0-9_]+[(:]|return([^\w\n].*)?[;()]|public |private |static |void |const |var |let [A-Za-z0-9_]+ ?=|function ?[A-Za-z0-9_]*\(|using namespace|package [A-Za-z0-9_.]+;|elif |else:|(if|for|while|switch) ?\(.*[){]\s*$|(for|while|if) [^\n]*:\s*$|try:|except([^\w\n][^\n]*)?:\s*$|library\(|require\(|source\(|(sudo|pip3?|npm|apt|apt-get|git|cd|cmake|make|docker|conda|curl|wget|brew|export) [-[A-Za-z0-9_]./:=]+( [-[A-Za-z0-9_]./:=]+)*\s*$)|^\s*(\$|#|>>>|\.\.\.|In ?\[\d*\]:|Out ?\[\d*\]:|%) \S+ ?[-[A-Za-z0-9_]./(]*$|^\s*>>> |^\s*\[\d+\] |^\s*[A-Za-z0-9_.$\[\]\"']+ ?(<-|:=|\+=|->|=>|==?) ?\S.*[()\[\]{}$;.,_\d\"']\s*$|^\s*[A-Za-z0-9_.:>-]+\([^\s)][^)\n]*\)[;,]?\s*$|[;{}]\s*$|^\s*[-+@]{3} |^\s*[A-Za-z0-9_/\\.:~-]*[/\\][A-Za-z0-9_/\\.:~-]+\s*$"
"""A line that a program wrote or will read. Without the edge of a word: on letters with accents it is 50 times slower."""

SUSPECT = r"[(){}\[\];=<>$_\\:@%#/]|^[ \t]*(sudo|pip3?|npm|apt|apt-get|git|cd|cmake|make|docker|conda|curl|wget|brew|export) |\.\.\. "
"""What a line of code has, at least one of; looked for first, being cheap."""

SYMBOLS = r"[{}()\[\];=<>$_/\\|&*#%~^+@\"`]"
CLOSING_LINE = rf"^[ \t]*(?i:{CLOSINGS})[ \t]*([,.!;:–-]+[ \t]*(\p{{Lu}}[^\n]{{0,40}})?|\p{{Lu}}[\w’'.-]*([ \t]+\p{{Lu}}[\w’'.-]*)?)?[ \t]*$"
"""A line that closes a message: the formula, and perhaps a name."""

WRAPPED = 50
"""Characters from which a line without an end mark goes on with the next one, if that starts in lower case."""

SIGNATURE_LINES = 8
"""A signature has this many lines at most, the closing one included..."""

SIGNATURE_WIDTH = 60
"""...of this many characters."""

DENSE = 0.16
"""Share of such characters that makes a line code."""


@dataclass(frozen=True, slots=True)
class Cut:
    """One thing that is taken out: why it is counted, what it looks like, what is left in its place.

    `hint` is what every text with it has: few literal letters, asked first because that is quicker than the
    pattern (looking for all cuts in 1,000 mails: 32 ms of processor time became 16). `where` is what a text must have for it to be taken out.
    """

    reason: str
    pattern: str
    instead: str = "\n"
    hint: str = ""
    where: str = ""


CUTS = (
    Cut("code", r"(?s)```.*?(```|\z)|~~~\n.*?(~~~|\z)"),
    Cut("code", r"⟦[^⟧\n]{1,20}⟧"),
    Cut("code", r"(?is)\[code[^\]]{0,20}\].*?(\[/code\]|\[code\]|\z)|<pre\b.*?(</pre>|\z)", hint=r"[<\[]"),
    Cut("code", r"(?i)<code>[^\n]{40,}?</code>", hint="<"),
    Cut("code", r"(?mi)^[ \t>]*(R version \d[^\n]*|Platform: [^\n]*|Running under: [^\n]*|Matrix products: [^\n]*|(BLAS|LAPACK)[:/][^\n]*|"
                r"locale: *|(other )?attached( base)? packages: *|loaded via a namespace[^\n]*|time zone: [^\n]*|tzcode source: [^\n]*|"
                r"Search Path: *|[^\n]*\bpackage:\w+,[^\n]*)$",
        where=r"R version|Platform:|Matrix products|LAPACK|package:|attached|namespace|[Ll]ocale:|Search Path|tzcode"),
    Cut("code", r"(?mi)^[ \t>_]*(platform|arch|os|system|status|major|minor|year|month|day|svn[ .]rev|language|version\.string|nickname)([ \t]*=[^\n]*|[ \t]{1,40}[^\n]{0,60})\n"
                r"([ \t>_]*(platform|arch|os|system|status|major|minor|year|month|day|svn[ .]rev|language|version\.string|nickname)\b[^\n]{0,80}(\n|\z))+",
        hint="arch", where=r"arch\b"),
    Cut("code", r"(?i)\b(_\s+)?platform\s+\S+\s+arch\s+\S+\s+os\s[^|]{0,400}?\blanguage\s+R\b", hint=r"(?i)platform\s", where="arch"),
    Cut("code", r"(?m)^[ \t>]*\S*[\w.]+(_\d+\.[\w.-]+)([ \t]+[\w.]+_\d+\.[\w.-]+)*[ \t]*$|\bLC_[A-Z]+=[^\n;,]*",
        where=r"_\d+\.\d|LC_"),
    Cut("code", r"(?m)^[ \t>]*\[\d+\] [^\n]*(\n[ \t>]*\[\d+\] [^\n]*)*", hint=r"\[\d+\] "),
    Cut("quote", r"(?is)<blockquote\b.*?(</blockquote>|\z)|\[quote[^\]]{0,60}\].*?(\[/quote\]|\z)",
        hint=r"[<\[]"),
    Cut("quote", r"(?is)-{3,} ?(original message|message d.origine|message original|forwarded message|message transféré|"
                 r"ursprüngliche nachricht|mensaje original) ?-{3,}.*\z", hint="---"),
    Cut("quote", r"(?ms)^[ >*]*(From|De|Von) ?: ?\*?[^\n]+\n[ >*]*(Sent|Date|Envoyé|Envoyé le|To|À|Cc|Gesendet) ?:.*\z",
        hint="(From|De|Von) ?:"),
    Cut("quote", r"(?m)^[ >]*(On|Le|Am|El|Il) [^\n]{6,160}\n?[^\n]{0,160}(wrote|writes|a écrit|schrieb|escribió|ha scritto)\s?:? ?$",
        hint="wrote|writes|a écrit|schrieb|escribió|ha scritto"),
    Cut("quote", r"(?m)^[^\n]{2,80} (wrote|writes|a écrit)( on [^\n]{4,40})? ?(:|\.\.\.) ?$",
        hint="wrote|writes|a écrit"),
    Cut("quote", r"(?m)^[ >]*On (Mon|Tue|Wed|Thu|Fri|Sat|Sun|\d{1,2}[ /-])[^\n]{6,60}\d:\d\d[^\n]{0,120}$",
        hint="On "),
    Cut("quote", r"(?m)^[ \t]*(>|\|>|&gt;)[^\n]*$", hint=">|&gt;"),
    Cut("footer", r"(?ms)^_{8,}[^\n]*\n[^\n]*(mailing list|liste de diffusion|listinfo|groups?\b|unsubscribe|@)[^\n]*(\n.*)?\z",
        hint="_{8}"),
    Cut("footer", r"(?s)\[\[alternative HTML version deleted\]\]|-{8,} next part -{8,}",
        hint="HTML version|next part"),
    Cut("footer", r"(?m)^(An embedded|A non-text|An HTML) [^\n]*was scrubbed\.\.\.$(\n^(Name|Type|Size|Desc|URL|From|Subject|Date) ?: [^\n]*$){0,8}",
        hint="scrubbed"),
    Cut("footer", r"(?mi)^[ \t]*(to )?unsubscribe[^\n]*$|^[ \t]*pour vous désabonner[^\n]*$|^[ \t]*(cliquez ici pour )?se désabonner[^\n]*$",
        hint="(?i)unsubscribe|désabonner"),
    Cut("footer", r"(?mi)^[ \t*]*(this (e-?mail|message|communication)[^\n]{0,80}(confidential|intended|privileged)|"
                  r"(ce|le présent) (message|courriel|mail|e-mail)[^\n]{0,80}(confidentiel|destin))[^\n]*$",
        hint="(?i)confidenti|intended|privileged|destin"),
    Cut("footer", r"(?mi)^[ \t]*(sent (from|via|with) (my |mail|outlook|yahoo|gmail|the )|envoyé (de|depuis|à partir de|avec) "
                  r"(mon |ma |mail|outlook|yahoo|gmail|l.app)|get outlook for|obtenir outlook|télécharger outlook|"
                  r"von meinem )[^\n]{0,80}$", hint="(?i)sent (from|via|with) |envoyé |outlook|von meinem "),
    Cut("signature", r"\n--[ \t]*\n([^\n]*(\n|\z)){0,12}\z", hint=r"\n--"),
    Cut("greeting", r"(?m)\A\s*(?i:hi|hello|hey|dear|morning|bonjour|bonsoir|salut|cher|chère|chers|good (morning|afternoon|evening))"
                    r"([ \t]+[\w.’'&/-]+){0,4}[ \t]*[,!:.;–-]*[ \t]*$"),
    Cut("markup", r"\S*\d+[×x]\d+ \d+(\.\d+)? [KMG]B\b", BREAK, hint=" [KMG]B"),
    Cut("markup", r"(?mi)^[ \t]*(content-(type|transfer-encoding|disposition)|mime-version|charset ?=)[^\n]*$|^-+=?_[^\n]*nextpart[^\n]*$",
        hint="[tT]-[tTdD]|[eE]-[vV]|[tT] ?=|-=?_"),
    Cut("markup", r"<[@!#][A-Za-z0-9|^]{2,60}>", BREAK, hint="<"),
    Cut("markup", r"<(https?://|mailto:)[^|>\s]+\|([^>\n]+)>", "$2", hint="<"),
    Cut("markup", r"(?s)<!--.*?-->|(?i)<(style|script)\b.*?</(style|script)>", hint="<"),
    Cut("markup", r"(?i)</?(p|br|div|li|ul|ol|tr|td|th|table|h[1-6]|hr|blockquote|section|article)\b[^<>\n]{0,300}>",
        hint="<"),
    Cut("markup", r"</?(a|b|i|u|em|strong|span|font|small|sub|sup|img|code|tt|strike|center|abbr|cite|mark|s|del|ins|o:p|body|html|head|meta|iframe|video|source)(\s[^<>\n]{0,600})?/?>", "",
        hint="<"),
    Cut("markup", r"!?\[([^\[\]\n]{0,200})\]\((https?:|/|#|mailto:|www\.)[^()\n]*(\([^()\n]*\)[^()\n]*)?\)", "$1",
        hint=r"\]\("),
    Cut("markup", r"`([^`<>\n]{1,100}?) ?<https?://[^<>\n]+>`_{1,2}", "$1", hint="<"),
    Cut("markup", r"(?i)\[[biu]\]([^\[\]\n]*)\[/[biu]\]", "$1", hint=r"\["),
    Cut("markup", r"(?i)\[/?(url|img|size|color|list|quote|attachment|center|spoiler)(=[^\]\n]{0,100})?\]", "",
        hint=r"\["),
    Cut("markup", r"\*{1,3}([^\s*][^*\n]{0,200}?)\*{1,3}", "$1", hint=r"\*"),
    Cut("markup", r"(?m)^[ \t]*(#{1,6}[ \t]|[-*•·‣▪●–][ \t]+)", "", hint=r"[#*•·‣▪●–-][ \t]"),
    Cut("link", r"(?m)^[^\w\n]*([\w’'-]+[^\w\n]+){0,4}(https?://|www\.)\S+[^\w\n]*$", hint=r"://|www\."),
    Cut("link", r"(?i)\b(https?|ftp|file|mailto):/{0,3}[^\s<>\"”»)\]]+", BREAK),
    Cut("link", r"(?i)\bwww\.[a-z0-9-]+\.[^\s<>\"”»)\]]+", BREAK, hint="(?i)www"),
    Cut("link", r"[\w.+-]+@[\w-]+\.[\w.-]+", BREAK, hint="@"),
    Cut("link", r"[a-z0-9-]*\.(com|org|net|io|fr|de|eu|co\.uk|edu|gov)(/[^\s<>\"”»)\]]*)", BREAK,
        hint=r"\.(com|org|net|io|fr|de|eu|co\.uk|edu|gov)/"),
    Cut("link", r"\B@[A-Za-z0-9_][\w.-]{1,40}", BREAK, hint="@"),
)  # fmt: skip
"""Applied in this order; each is plain regular expressions of the linear kind, so no message can hang it."""


def cut(texts: pl.Series) -> tuple[pl.Series, dict[str, pl.Series]]:
    """Take everything of `CUTS` and every line of code out of the texts.

    Args:
        texts: (n,) as written; null is empty.

    Returns:
        The texts, one sentence a line, blank lines gone; and reason -> (n,) whether a text lost something for it.
    """
    left = _plain(texts)
    touched: dict[str, pl.Series] = {"markup": (left != texts.fill_null("")).fill_null(value=False)}
    left = left.str.replace_all("\r\n?", "\n").str.replace_all("\0", " ", literal=True)
    for what in CUTS:
        rows = _holding(left, what)
        if not rows.is_empty():
            changed = left.gather(rows).str.replace_all(what.pattern, what.instead)
            left = left.scatter(rows, changed)
            before = touched.get(what.reason, pl.repeat(value=False, n=texts.len(), eager=True))
            touched[what.reason] = before.scatter(rows, values=True)
    left, touched["signature"] = _without_signature(left, touched.get("signature"))
    left, code = _without_code(left)
    touched["code"] = touched["code"] | code if "code" in touched else code
    return left, touched


def _holding(texts: pl.Series, what: Cut) -> pl.Series:
    """The rows of the texts that hold it."""
    first, *others = filter(None, (what.hint, what.where, what.pattern))
    rows = texts.str.contains(first).arg_true()
    for pattern in others:
        if rows.is_empty():
            break  # nor is the next pattern compiled
        rows = rows.filter(texts.gather(rows).str.contains(pattern))
    return rows


def _plain(texts: pl.Series) -> pl.Series:
    """Entities as the characters they stand for ("&amp;eacute;" is met too, mails being escaped twice)."""
    texts = texts.fill_null("")
    hit = texts.str.contains(r"&(#\d{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,10}[0-9]{0,2});")
    if not hit.any():
        return texts
    plain = [html.unescape(html.unescape(text)).replace("\xa0", " ") for text in texts.filter(hit)]
    return texts.scatter(hit.arg_true(), pl.Series(plain, dtype=pl.String))


def _without_signature(texts: pl.Series, already: pl.Series | None) -> tuple[pl.Series, pl.Series]:
    """The texts without the closing formula and the short lines after it, and which of them lost a signature."""
    frame = pl.DataFrame(
        {"row": pl.int_range(texts.len(), dtype=pl.UInt32, eager=True), "text": texts.str.strip_chars_end()}
    )
    closing = frame.filter(
        pl.col("text").str.tail(SIGNATURE_LINES * SIGNATURE_WIDTH).str.contains("(?m)" + CLOSING_LINE)
    )
    lines = (
        closing.with_columns(line=pl.col("text").str.split("\n"))
        .select("row", "line", total=pl.col("line").list.len())
        .explode("line")
        .with_columns(
            after=pl.col("total") - 1 - pl.int_range(pl.len()).over("row"),
            closes=pl.col("line").str.contains(CLOSING_LINE),
        )
        .filter(pl.col("after") < SIGNATURE_LINES)
    )
    widest = pl.col("line").str.len_chars().max()
    # the closing line must be followed by short lines only
    cut = (
        lines.filter(pl.col("after") <= pl.col("after").filter("closes").max().over("row"))
        .group_by("row")
        .agg(widest.alias("widest"), lines=pl.len())
        .filter(pl.col("widest") <= SIGNATURE_WIDTH)
    )
    left = (
        closing.join(cut, on="row")
        .with_columns(line=pl.col("text").str.split("\n"))
        .select(
            "row", text=pl.col("line").list.head(pl.col("line").list.len() - pl.col("lines")).list.join("\n")
        )
    )
    signed = pl.repeat(value=False, n=texts.len(), eager=True).scatter(left["row"], values=True)
    return texts.scatter(left["row"], left["text"]), signed if already is None else signed | already


def _without_code(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The texts without lines of code, one sentence a line, and which of them had such lines."""
    lines = (
        pl.DataFrame(
            {"row": pl.int_range(texts.len(), dtype=pl.UInt32, eager=True), "line": texts.str.split("\n")}
        )
        .explode("line")
        .filter(pl.col("line").str.contains(r"\w"))
        .with_row_index("number")
    )
    suspect = (
        lines.filter(pl.col("line").str.contains(SUSPECT))
        .with_columns(symbols=pl.col("line").str.count_matches(SYMBOLS), size=pl.col("line").str.len_bytes())
        .filter(
            ((pl.col("symbols") >= 3) & (pl.col("symbols") > DENSE * pl.col("size")))
            | pl.col("line").str.contains(CODE_LINE)
        )
    )
    lines = lines.with_columns(
        code=pl.repeat(value=False, n=lines.height, eager=True).scatter(suspect["number"], values=True)
    )
    # a line of mail is broken for its width: the phrase goes on with the next one
    goes_on = (
        (pl.col("line").str.len_bytes() >= WRAPPED)
        & pl.col("line").str.contains(r"[\p{L},]$")
        & pl.col("line").shift(-1).str.contains(r"^\p{Ll}")
        & (pl.col("row") == pl.col("row").shift(-1))
    )
    kept = (
        lines.filter(~pl.col("code"))
        .with_columns(pl.col("line").str.strip_chars())
        .with_columns(end=pl.when(goes_on).then(pl.lit(" ")).otherwise(pl.lit("\n")))
        .with_columns(pl.concat_str("line", "end"))
        .group_by("row", maintain_order=True)
        .agg("line")
        # joined as lists: joining in `agg` takes twice as long
        .with_columns(
            pl.col("line").list.join("").str.replace_all(r"([.!?…])[ \t]+", "$1\n").str.strip_chars_end()
        )
    )
    left = pl.repeat("", texts.len(), dtype=pl.String, eager=True).scatter(kept["row"], kept["line"])
    coded = pl.repeat(value=False, n=texts.len(), eager=True).scatter(
        lines.filter("code")["row"].unique(), values=True
    )
    return left, coded
