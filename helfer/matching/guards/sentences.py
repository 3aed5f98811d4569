"""What the guards say, by the keys that the SQL functions of migration 0002 return."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

PAIR_SENTENCES = {
    "same_person": _("Niemand wird an sich selbst vermittelt."),
    "blocked": _("Zwischen diesen beiden Personen besteht eine Sperre."),
}

OTHER_PERSON = {
    "other_person": _(
        "Freigegeben wurde für genau diese beiden Menschen. Beenden Sie zuerst die Vermittlung."
    ),
}

CONSENT_SENTENCES = {
    "missing": _("Es fehlt noch ein Ja."),
    "other_purpose": _("Diese Einwilligung gilt nicht für eine Vermittlung."),
    "withdrawn": _("Eine Einwilligung wurde widerrufen."),
    "not_the_helper": _("Das Ja der helfenden Seite stammt nicht von der Helferin oder dem Helfer."),
    "not_the_seeker": _("Das Ja der anderen Seite gehört nicht zur hilfesuchenden Person."),
    "may_not_consent": _("Diese Vertretung darf nicht einwilligen."),
    "helper_for_the_seeker": _(
        "Wer hilft oder mit der helfenden Person zusammenlebt, willigt nicht für die andere Seite ein."
    ),
    "given_later": _("Freigegeben wird erst, wenn beide eingewilligt haben."),
}

SIGNATURE_SENTENCES = {
    "missing": _("Es fehlt noch eine Freigabe."),
    "approved_earlier": _("Der Tag der Freigabe liegt vor der letzten Unterschrift."),
    "not_accepted": _("Freigegeben wird eine Vermittlung erst, wenn beide Seiten Ja gesagt haben."),
    "not_their_seat": _("Diese Tandemstelle gehört jemand anderem."),
    "other_side": _("Diese Tandemstelle gehört zur anderen Seite."),
    "other_office": _("Diese Tandemstelle gehört zu einem anderen Seniorenbüro."),
    "seat_not_valid": _("Diese Tandemstelle gilt an diesem Tag nicht."),
    "other_day": _("Der Tag der Freigabe passt nicht zu ihrem Zeitpunkt."),
    "concerned": _("Wer selbst, verwandt oder im Haushalt beteiligt ist, gibt diese Vermittlung nicht frei."),
}

MODEL_SENTENCES = {
    "tied": _(
        "Mit dem Entlastungsbetrag hilft niemand Verwandten, Verschwägerten, Personen im eigenen Haushalt "
        "oder Menschen, deren Pflegeperson sie oder er ist."
    ),
    "care_level": _("Der Entlastungsbetrag setzt einen Pflegegrad von 1 bis 5 voraus."),
    "not_at_home": _("Der Entlastungsbetrag gilt nur für Menschen, die zu Hause leben."),
    "no_rule": _("Für dieses Land ist keine Regel zum Entlastungsbetrag eingetragen."),
    "no_individuals": _("In diesem Land können Einzelpersonen nicht über den Entlastungsbetrag helfen."),
    "age": _("Die Helferin oder der Helfer ist für den Entlastungsbetrag zu jung, oder das Alter fehlt."),
    "too_many_people": _("Mehr Menschen darf niemand in diesem Land über den Entlastungsbetrag helfen."),
    "qualification": _("Die vom Land verlangte Qualifikation fehlt oder zählt nicht an beiden Tagen."),
    "respite_care_level": _("Die Verhinderungspflege setzt einen Pflegegrad von 2 bis 5 voraus."),
}
