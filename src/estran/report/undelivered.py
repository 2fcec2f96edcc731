"""Why alarms could not be sent, in the language of the reader; what the system says follows in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from estran.report.i18n import Words, sentence

if TYPE_CHECKING:
    from estran.findings import Notice

WHYS: dict[str, str] = {
    "mail-addresses": sentence("the server of mail refuses the addresses"),
    "mail-login": sentence("the server of mail refuses ESTRAN_SMTP_USER and its password"),
    "mail-unable": sentence("the server of mail offers no encryption, or no sign-in"),
    "mail-answer": sentence("the server of mail answers {code}"),
    "webhook-answer": sentence("the webhook answers {code}"),
    "certificate": sentence("its certificate is not one that this machine trusts"),
    "encryption": sentence("no encryption could be agreed upon with it"),
    "no-such-name": sentence("no server of that name is found"),
    "timeout": sentence("it did not answer within {seconds} seconds"),
    "connection-refused": sentence("it refuses the connection"),
    "connection-broken": sentence("it broke the connection off"),
    "unreachable": sentence("it cannot be reached"),
    "file": sentence("the file cannot be written"),
    "security-unknown": sentence("ESTRAN_SMTP_SECURITY must be one of {known}, not “{said}”"),
    "port-unknown": sentence("ESTRAN_SMTP_PORT must be a number from 1 to 65535, not “{said}”"),
    "password-in-clear": sentence(
        "a password is not told without encryption: set ESTRAN_SMTP_SECURITY to starttls or tls"
    ),
}
"""Fixed word of a refusal -> how it is told."""

VARIABLES: dict[str, str] = {
    "ESTRAN_SMTP_HOST": sentence("the server of mail"),
    "ESTRAN_SMTP_FROM": sentence("the address that mail comes from"),
    "ESTRAN_SMTP_PASSWORD": sentence("the password of ESTRAN_SMTP_USER"),
    "ESTRAN_WEBHOOK_SECRET": sentence("the secret that signs what a webhook is sent"),
}
"""Variable of the environment -> what it is."""


def why(words: Words, failed: Notice) -> str:
    """Why something was not sent."""
    facts = {name: str(fact) for name, fact in failed.facts.items()}  # a code has no thousands
    if failed.kind == "mail-addresses-some":
        return words.count(
            "the server of mail refuses {n} of the addresses",
            "the server of mail refuses {n} of the addresses",
            int(failed.facts["addresses"]),
        )
    if failed.kind == "unset":
        variable = facts["variable"]
        return words.say(
            "{variable} is not set: it is {what}, and stands in the environment, not in alerts.toml",
            variable=variable,
            what=words.text(VARIABLES[variable]),
        )
    said, system = words.say(WHYS[failed.kind], **facts), facts.get("system")
    return f"{said} ({system})" if system else said
