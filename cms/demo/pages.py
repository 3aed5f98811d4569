"""Words of the pages that a city begins with."""

from __future__ import annotations

from typing import Any
from uuid import NAMESPACE_OID, uuid5


def _listed(title: str, values: list[dict[str, str]]) -> list[dict[str, Any]]:
    """A list's items, with names by which a translation finds them again."""
    return [
        {"type": "item", "value": value, "id": str(uuid5(NAMESPACE_OID, f"{title} {number}"))}
        for number, value in enumerate(values)
    ]


def steps(title: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    """A block of steps."""
    listed = _listed(title, [{"title": head, "text": text} for head, text in pairs])
    return {"type": "steps", "value": {"title": title, "steps": listed}}


def questions(title: str, *pairs: tuple[str, str]) -> dict[str, Any]:
    """A block of questions and answers."""
    listed = _listed(
        title, [{"question": question, "answer": f"<p>{answer}</p>"} for question, answer in pairs]
    )
    return {"type": "questions", "value": {"title": title, "questions": listed}}


def text(html: str) -> dict[str, Any]:
    """A block of words."""
    return {"type": "text", "value": html}


def quote(words: str, who: str) -> dict[str, Any]:
    """A block with what somebody said."""
    return {"type": "quote", "value": {"text": words, "who": who}}


def next_step(title: str, words: str, destination: str, label: str) -> dict[str, Any]:
    """A block that leads on, into the program where it has that page."""
    return {
        "type": "call_to_action",
        "value": {"title": title, "text": words, "destination": destination, "label": label},
    }


TITLE = "Nachbarn helfen im Alter"
INTRO = "Ihr Seniorenbüro bringt Menschen zusammen: die Hilfe brauchen, und die gern helfen."

HOME: list[dict[str, Any]] = [
    steps(
        "So kommt Hilfe zu Ihnen",
        ("Sie rufen an", "Oder Angehörige tun es für Sie. Wir hören zu und fragen nach."),
        ("Wir suchen", "Jemand aus der Nähe, der Zeit hat und zu Ihnen passt."),
        ("Sie lernen sich kennen", "Beim ersten Besuch ist jemand von uns dabei."),
        ("Wir bleiben da", "Wir fragen regelmäßig nach, wie es geht."),
    ),
    quote("Donnerstags kommt Besuch. Darauf freue ich mich.", "eine Nachbarin, 84 Jahre"),
]
PAGES: list[dict[str, Any]] = [
    {
        "slug": "hilfe-bekommen",
        "title": "Hilfe bekommen",
        "menu": True,
        "drawing": "tea",
        "intro": "Einkaufen, Begleitung zum Arzt, Gesellschaft: Nachbarinnen und Nachbarn helfen.",
        "body": [
            steps(
                "So geht es",
                ("Anrufen", "Sie erzählen uns, was Ihnen helfen würde. Das dauert zehn Minuten."),
                ("Sprechen", "Wir rufen zurück oder kommen vorbei und klären alles in Ruhe."),
                ("Kennenlernen", "Wir schlagen Ihnen jemanden vor. Sie sagen Ja oder Nein."),
                ("Ausprobieren", "Nach einer Probezeit sagen beide Seiten, ob es so weitergehen soll."),
            ),
            {"type": "roles", "value": {"title": "Das tun Helferinnen und Helfer"}},
            questions(
                "Fragen und Antworten",
                (
                    "Was kostet das?",
                    "Meist nichts. Mit Pflegegrad kann der Entlastungsbetrag helfen; das Seniorenbüro "
                    "berät Sie.",
                ),
                (
                    "Wer kommt da zu mir?",
                    "Menschen, mit denen wir gesprochen haben und die geschult sind. Zwei Fachleute, von "
                    "Stadt und "
                    "Verband, geben jede Vermittlung frei.",
                ),
                (
                    "Und wenn es nicht passt?",
                    "Dann sagen Sie es uns. Sie müssen nichts begründen, und wir suchen jemand anderen.",
                ),
                (
                    "Kommt jemand unangemeldet zu mir?",
                    "Nein, nie. Wer vor Ihrer Tür steht, wurde Ihnen vorher von uns mit Namen genannt. "
                    "Wir fragen auch nie nach Geld, Bankkarten oder Schmuck.",
                ),
            ),
            next_step(
                "Möchten Sie Hilfe?",
                "Rufen Sie uns an, oder schreiben Sie uns hier, was Ihnen helfen würde.",
                "public:ask",
                "Hilfe suchen",
            ),
        ],
    },
    {
        "slug": "selbst-helfen",
        "title": "Selbst helfen",
        "menu": True,
        "drawing": "walk",
        "intro": "Eine Stunde in der Woche ist schon viel. Sie entscheiden, was, wann und für wen.",
        "body": [
            steps(
                "So fangen Sie an",
                ("Sie melden sich", "Telefonisch, hier auf der Seite oder im Büro, ohne jede Verpflichtung."),
                ("Wir sprechen miteinander", "Was liegt Ihnen, und was lieber nicht?"),
                ("Sie werden geschult", "Eine Einführung und, je nach Tätigkeit, ein kurzer Kurs."),
                ("Sie lernen jemanden kennen", "Beim ersten Besuch begleiten wir Sie."),
            ),
            text(
                "<h2>Worauf Sie sich verlassen können</h2><ul>"
                "<li>Sie bestimmen, wie oft und wie lange.</li>"
                "<li>Sie dürfen jederzeit eine Pause machen.</li>"
                "<li>Das Büro ist für Sie da, wenn etwas schwierig wird.</li></ul>"
            ),
            {"type": "courses", "value": {"title": "Die nächsten Kurse"}},
            quote("Ich dachte, ich gebe etwas. Jetzt bekomme ich fast mehr zurück.", "ein Helfer, 61 Jahre"),
            questions(
                "Fragen und Antworten",
                (
                    "Bin ich versichert?",
                    "Wir besprechen mit Ihnen, welche Versicherung für Ihr Ehrenamt gilt.",
                ),
                (
                    "Bekomme ich Geld?",
                    "Das hängt von der Tätigkeit ab. Bei jeder Tätigkeit steht, was möglich ist.",
                ),
                (
                    "Ich kann nur manchmal. Lohnt sich das?",
                    "Ja. Viele brauchen nur ab und zu jemanden, zum Beispiel für den Weg zum Arzt.",
                ),
            ),
            next_step(
                "Machen Sie mit",
                "Es dauert zehn Minuten, und es verpflichtet Sie zu nichts.",
                "public:register",
                "Mitmachen",
            ),
        ],
    },
    {
        "slug": "fuer-angehoerige",
        "title": "Für Angehörige",
        "menu": True,
        "drawing": "phone",
        "intro": "Sie wohnen weit weg oder haben wenig Zeit? Wir finden jemanden in der Nähe Ihrer Eltern.",
        "body": [
            text(
                "<p>Sie dürfen für jemand anderen bei uns anrufen. Bevor etwas geschieht, sprechen wir "
                "mit der Person "
                "selbst oder mit der Vertretung, die sie bevollmächtigt hat.</p>"
            ),
            questions(
                "Fragen und Antworten",
                (
                    "Meine Mutter möchte keine Hilfe. Was kann ich tun?",
                    "Fragen Sie, ob wir einmal anrufen dürfen. Ein Besuch zum Kaffee ist oft der beste "
                    "Anfang.",
                ),
                (
                    "Erfahre ich, wie es läuft?",
                    "Wenn Ihre Angehörigen zustimmen, ja. Ohne ihre Zustimmung sagen wir nichts weiter.",
                ),
                (
                    "Hilft die Pflegekasse?",
                    "Mit einem Pflegegrad kann der Entlastungsbetrag genutzt werden. Wir erklären, wie "
                    "das geht.",
                ),
            ),
        ],
    },
    {
        "slug": "seniorenbueros",
        "title": "Seniorenbüros",
        "menu": True,
        "drawing": "home",
        "intro": "In jedem Stadtteil ist ein Büro für Sie da. Anrufen genügt, ein Besuch geht auch.",
        "body": [{"type": "office_finder", "value": {"title": "Welches Büro ist für mich da?"}}],
    },
    {
        "slug": "impressum",
        "title": "Impressum",
        "intro": "Angaben zur Vorführung.",
        "body": [
            text(
                "<h2>Anbieter</h2><p>Hier stehen Name und Anschrift der Stadt, die gesetzliche "
                "Vertretung, Telefon und "
                "E-Mail, und die zuständige Aufsicht (§ 5 DDG).</p>"
                "<h2>Verantwortlich für den Inhalt</h2><p>Die Geschäftsstelle der Seniorenbüros (§ 18 "
                "MStV).</p>"
                "<h2>Bilder</h2><p>Alle Zeichnungen gehören zum Programm und stehen unter seiner "
                "Lizenz.</p>"
            )
        ],
    },
    {
        "slug": "datenschutz",
        "title": "Datenschutz",
        "intro": "Was wir wissen, und was wir niemandem sagen.",
        "body": [
            text(
                "<h2>Wenn Sie nur lesen</h2><p>Wir zählen Sie nicht und verfolgen Sie nicht. Es wird "
                "nichts von fremden "
                "Servern geladen. Ein Cookie merkt sich Schriftgröße und Sprache, "
                "ein anderes schützt Formulare.</p>"
                "<h2>Wenn Sie Hilfe suchen oder helfen</h2><p>Wir speichern nur, was für die Vermittlung "
                "nötig ist. "
                "Angaben zur Gesundheit nur mit Ihrer Einwilligung.</p>"
                "<h2>Ihre Rechte</h2><p>Sie dürfen wissen, was wir gespeichert haben. Sie dürfen es "
                "berichtigen und "
                "löschen lassen und jede Einwilligung zurücknehmen. Ein Anruf genügt.</p>"
            )
        ],
    },
]
ACCESSIBILITY: dict[str, Any] = {
    "slug": "barrierefreiheit",
    "title": "Barrierefreiheit",
    "intro": "Diese Seiten sollen alle benutzen können. Wenn etwas nicht geht: Sagen Sie es uns.",
    "body": [
        text(
            "<h2>Wie weit wir sind</h2><p>Die Seiten sind nach den Regeln der WCAG 2.2 (Stufe AA) gebaut "
            "und werden bei "
            "jeder Änderung von einem Programm geprüft. Eine Prüfung durch Menschen mit Behinderungen "
            "steht noch aus.</p>"
            "<h2>Was Ihnen hilft</h2><ul><li>„Größere Schrift“ oben auf jeder Seite</li>"
            "<li>Bedienung nur mit der Tastatur</li><li>dunkle Farben, wenn Ihr Gerät darauf eingestellt "
            "ist</li>"
            "<li>alles auch am Telefon</li></ul>"
            "<h2>Was noch fehlt</h2><p>Gebärdensprache.</p>"
        )
    ],
    "question": "Eine Barriere melden",
    "button": "Absenden",
    "thanks": "<p>Wir kümmern uns darum und melden uns, wenn Sie das möchten.</p>",
    "fields": [
        ("Was hat nicht geklappt?", "multiline", True, "Beschreiben Sie es mit Ihren Worten."),
        ("Auf welcher Seite?", "singleline", False, ""),
        (
            "Wie können wir Sie erreichen?",
            "singleline",
            False,
            "Telefon oder E-Mail, wenn Sie eine Antwort möchten.",
        ),
    ],
}
ROLES: dict[str, tuple[str, str]] = {
    "begleitung": ("walk", "Gemeinsam zum Arzt oder ins Amt, und gut wieder nach Hause."),
    "besuch": ("tea", "Jemand kommt vorbei: zum Reden, Zuhören, Spielen."),
    "einkauf": ("shopping", "Einkaufen nach Ihrem Zettel, allein oder zusammen."),
    "haushalt": ("home", "Zusammen kochen, abwaschen, Blumen gießen."),
    "telefon": ("phone", "Jeden Tag ein kurzer Anruf: Geht es Ihnen gut?"),
    "digital": ("tablet", "Handy, Tablet, Fahrkarte: in Ruhe erklärt."),
    "vorlesen": ("book", "Zeitung, Briefe oder ein Roman, laut gelesen."),
    "garten": ("garden", "Beete, Balkon und kleine Reparaturen."),
    "demenz": ("neighbours", "Zeit mit Menschen, die vieles vergessen. Und eine Pause für die Familie."),
    "fahrdienst": ("car", "Mit dem Auto hin und zurück, von Tür zu Tür."),
    "wohnberatung": ("home", "Was die Wohnung sicherer macht: Licht, Griffe, Teppiche."),
    "sprachmittlung": ("speech", "Jemand, der Ihre Sprache spricht und übersetzt."),
}
