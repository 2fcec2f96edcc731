"""What people call the columns of a table of messages, in English and in French, likeliest first."""

from __future__ import annotations

import re
import unicodedata
from types import MappingProxyType


def words(written: str) -> frozenset[str]:
    """The words of a line."""
    return frozenset(written.split())


_WORDS = {
    "text": "text body message content texte contenu commentaire comment verbatim corps message_body body_text"
    " plain_body message_text comment_text comment_body review_text review feedback avis remarque remark note_body"
    " post description post_body raw transcript transcription reponse answer response original_message"
    " question speech tweet full_text abstract quote libelle motif reclamation observation observations suggestion"
    " suggestions commentaires comments remarques messages note notes",
    "time": "time date created_at timestamp datetime created created_time creation_date date_creation cree_le"
    " horodatage date_heure date_time created_on createdate create_at createdat sent_at sent date_sent date_envoi"
    " envoye_le posted_at published_at published publie_le date_publication post_date publication_date"
    " published_date received_at date_message submitted_at submission_date opened_at open_date ts heure jour day"
    " when moment epoch year annee",
    "author": "author author_id auteur auteur_id user_id user username user_name sender sender_id expediteur from"
    " from_email author_name requester_id requester customer_id client_id contact_id consumer_id speaker speaker_name"
    " orateur utilisateur identifiant_client customer client commenter poster reviewer pseudo screen_name handle"
    " actor_id actor creator creator_id created_by submitter_id employee_id respondent_id participant display_name full_name",
    "side": "side cote inside is_staff staff is_internal internal interne is_agent is_employee is_customer"
    " is_admin author_type sender_type user_type actor_type author_role user_role role incoming outgoing external"
    " externe from_type message_type",
    "unit": "unit team department service equipe departement unite division direction business_unit bu entite"
    " entity group groupe team_name department_name organisation_unit org_unit pole agence branch",
    "thread": "thread thread_id conversation_id ticket_id topic_id discussion_id conversation fil fil_id"
    " discussion ticket topic case_id case_number issue_id dossier dossier_id chat_id session_id event event_id"
    " meeting_id reunion parent_id thread_ts root_id in_reply_to",
    "source": "source channel canal via_channel platform plateforme tool outil channel_name origin origine"
    " source_name app forum list mailing_list liste inbox medium",
    "language": "language lang langue locale language_code lang_code langage",
    "title": "title subject titre sujet objet headline message_subject thread_title topic_title intitule"
    " ticket_subject summary resume",
    "id": "id message_id comment_id post_id uuid guid msg_id _id review_id response_id note_id part_id"
    " identifiant engagement_id number numero reference ref",
}
SYNONYMS = MappingProxyType({canonical: tuple(listed.split()) for canonical, listed in _WORDS.items()})
"""Column of Estran -> names under which files have it."""

AFTERTHOUGHTS = words(
    "updated_at updated modified modified_at last_modified closed_at closed resolved_at solved_at due_at due_date"
    " deleted_at synced last_seen last_login birth_date birthday expires_at maj modifie_le mis_a_jour_le"
    " date_modification date_cloture date_de_naissance lastmodifieddate closed_date"
)
"""Dates that are not the date on which something was said."""

FRENCH = words(
    "texte contenu commentaire verbatim corps avis remarque reponse cree_le horodatage date_creation date_heure"
    " date_envoi envoye_le publie_le heure jour annee auteur expediteur utilisateur cote interne externe equipe"
    " departement unite fil dossier reunion canal plateforme outil origine langue titre sujet objet intitule"
    " identifiant numero"
)
"""Names that only a French file has: there the day stands before the month."""


def plain(name: str) -> str:
    """A column's name in lower case without accents, words joined by underscores: "createdAt" -> "created_at"."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    bare = unicodedata.normalize("NFKD", spaced).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    return words if not bare.startswith("_") or words != "id" else "_id"
