"""What a house says of its RSE: a network for some, a responsibility for others, and for some nobody can tell."""

import random
from itertools import product

NETWORK = "réseau social d'entreprise"
DUTY = "responsabilité sociétale des entreprises"

_SAID = {
    NETWORK: (
        ("les communautés", "les abonnés", "les animateurs", "les membres", "les équipes"),
        ("publient des billets", "suivent le fil", "partagent des photos", "commentent les annonces", "ouvrent des groupes"),
        ("sur mobile", "depuis la messagerie", "avec des mentions", "sans notifications", "pour les métiers"),
    ),
    DUTY: (
        ("les fournisseurs", "les acheteurs", "les auditeurs", "les riverains", "les investisseurs"),
        ("exigent un bilan carbone", "demandent des preuves", "notent le climat", "trient leurs déchets", "signent la charte"),
        ("avant le rapport annuel", "contre les émissions", "pour la biodiversité", "en achats responsables", "sur le handicap"),
    ),
}  # fmt: skip


def said(sense, form, *, many, seed, who, thread=None, first=0):
    """Rows of messages that mean a sense of the acronym and call it by a form, each by another of a dozen people."""
    drawn = random.Random(seed).sample(list(product(*_SAID[sense])), many)
    return [
        {
            "text": f"Là, {person} {do} {how} : {form}.",
            "author": f"{who}{n % 12}",
            "thread": f"{thread or who}-{seed}-{first + n}",
            "language": "fr",
        }
        for n, (person, do, how) in enumerate(drawn)
    ]


def untold(many, *, who="nobody"):
    """Rows of messages that do not tell what they mean."""
    days = ("lundi", "mardi", "jeudi", "vendredi")
    return [
        {
            "text": f"Point numéro {n}, {days[n % 4]} : RSE.",
            "author": f"{who}{n % 9}",
            "thread": f"{who}-{n}",
            "language": "fr",
        }
        for n in range(many)
    ]


def house():
    """All of it: 40 messages spell out each sense, 20 do not, 8 answer one that does, and 12 tell nothing."""
    rows = []
    for sense, who in ((NETWORK, "n"), (DUTY, "d")):
        rows += said(sense, f"{sense} (RSE)", many=40, seed=1, who=who)
        rows += said(sense, "RSE", many=20, seed=2, who=f"{who}-bare")
        rows += said(sense, sense, many=8, seed=3, who=f"{who}-asks", thread=f"{who}-talk")
        rows += [
            {
                "text": f"Voilà, réponse {n} : RSE.",
                "author": f"{who}-answer{n}",
                "thread": f"{who}-talk-3-{n}",
                "language": "fr",
            }
            for n in range(8)
        ]
    return rows + untold(12)
