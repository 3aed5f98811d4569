"""What a list of candidates shows of a helper stands with the offer: looking it up took longer than searching."""

import re
from importlib import import_module

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import helfer.core.guards

kept = import_module("helfer.matching.migrations.0009_offers_are_kept")
roles = import_module("helfer.matching.migrations.0019_roles_that_require_the_same_share_their_days")

SHOWN = {
    "number": "h.number",
    "given_name": "p.given_name",
    "family_name": "p.family_name",
    "district_id": "p.district_id",
    "home_is_exact": "(p.location_quality IN ('address', 'manual') AND NOT p.location_to_confirm)",
}
# A column of the same part, in every way in which a list of columns names it.
_BESIDE = "max_people"
_NAMED = re.compile(rf"(?:\w+\.)?\b{_BESIDE}\b(?: (?:=|AS) (?:\w+\.)?{_BESIDE}\b)?")


def _with_shown(sql: str) -> str:
    """The same, which also says of the new columns what it says of that one."""
    return _NAMED.sub(
        lambda found: ", ".join(found[0].replace(_BESIDE, name) for name in (_BESIDE, *SHOWN)), sql
    )


VIEWS = {
    "profile": f"CREATE VIEW matching_offer_profile AS {kept.VIEWS['profile']}",
    "truth": kept.TRUTH,
}
VIEWS_NOW = {
    "profile": VIEWS["profile"].replace(
        f"h.{_BESIDE}", ", ".join([f"h.{_BESIDE}", *(f"{value} AS {name}" for name, value in SHOWN.items())])
    ),
    "truth": _with_shown(VIEWS["truth"]),
}
FUNCTIONS = [
    *(
        sql.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
        for sql in (
            kept.KEEPING["helfer_write_offers_of_one(bigint)"],
            kept.KEEPING["helfer_write_offers_of_many(bigint[])"],
            kept._of_one("profile"),
            kept._of_many("profile"),
        )
    ),
    roles.OF_ROLE,
]


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0020_who_is_left_of_what_is_sought_stays_one_line"),
        ("places", "0002_barriers_lengthen_the_way"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(model_name="guardedhelper", name="offers_follow_changed_helpers"),
        pgtrigger.migrations.RemoveTrigger(model_name="guardedperson", name="offers_follow_changed_persons"),
        migrations.RunSQL(
            "DROP VIEW matching_offer_truth; DROP VIEW matching_offer_profile", "; ".join(VIEWS.values())
        ),
        migrations.AddField(
            model_name="offer",
            name="number",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="Nummer"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="offer",
            name="given_name",
            field=models.CharField(blank=True, default="", max_length=120, verbose_name="Vorname"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="offer",
            name="family_name",
            field=models.CharField(default="", max_length=120, verbose_name="Nachname"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="offer",
            name="district",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="places.district",
                verbose_name="Stadtbezirk",
            ),
        ),
        migrations.AddField(
            model_name="offer",
            name="home_is_exact",
            field=models.BooleanField(default=False, verbose_name="Wohnort ist genau bekannt"),
            preserve_default=False,
        ),
        migrations.RunSQL(
            "; ".join(VIEWS_NOW.values()), "DROP VIEW matching_offer_truth; DROP VIEW matching_offer_profile"
        ),
        *(migrations.RunSQL(_with_shown(sql), sql) for sql in FUNCTIONS),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedhelper",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_helpers",
                sql=helfer.core.guards.GuardSql(
                    func="IF EXISTS (SELECT 1 FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.person_id, before.state, before.office_id, before.only_for_id, before.radius_m, before.languages, before.times, before.max_people, before.no_pets, before.no_smokers, before.number) IS DISTINCT FROM (now.id, now.person_id, now.state, now.office_id, now.only_for_id, now.radius_m, now.languages, now.times, now.max_people, now.no_pets, now.no_smokers, now.number)) AS differing) THEN\n            PERFORM helfer_meet_about_persons(ARRAY(SELECT DISTINCT person_id FROM (SELECT unnest(ARRAY[before.person_id, now.person_id]) AS person_id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.person_id) IS DISTINCT FROM (now.person_id)) AS differing WHERE person_id IS NOT NULL ORDER BY 1));\n            PERFORM helfer_refresh_offers(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.id, before.person_id, before.state) IS DISTINCT FROM (now.id, now.person_id, now.state)) AS differing WHERE id IS NOT NULL ORDER BY 1));\n            PERFORM helfer_refresh_offers_profile(ARRAY(SELECT DISTINCT id FROM (SELECT unnest(ARRAY[before.id, now.id]) AS id FROM old_rows before FULL JOIN new_rows now ON now.id = before.id WHERE (before.office_id, before.only_for_id, before.radius_m, before.languages, before.times, before.max_people, before.no_pets, before.no_smokers, before.number) IS DISTINCT FROM (now.office_id, now.only_for_id, now.radius_m, now.languages, now.times, now.max_people, now.no_pets, now.no_smokers, now.number)) AS differing WHERE id IS NOT NULL ORDER BY 1));\n        END IF;\nRETURN NULL;",
                    hash="77af974d8ec883d985bb817e45ff3cf589830012",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_helpers_b7885",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="helpers_helperprofile",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedperson",
            trigger=pgtrigger.compiler.Trigger(
                name="offers_follow_changed_persons",
                sql=helfer.core.guards.GuardSql(
                    declare="DECLARE lives bigint[]; profiles bigint[];",
                    func="SELECT array_agg(DISTINCT each.id) FILTER (WHERE (before.id, before.died_on, before.merged_into_id) IS DISTINCT FROM (now.id, now.died_on, now.merged_into_id)),\n            array_agg(DISTINCT each.id) FILTER (WHERE (before.home, before.gender, before.given_name, before.family_name, before.district_id, before.location_quality, before.location_to_confirm) IS DISTINCT FROM (now.home, now.gender, now.given_name, now.family_name, now.district_id, now.location_quality, now.location_to_confirm))\n        INTO lives, profiles\n        FROM old_rows before FULL JOIN new_rows now ON now.id = before.id CROSS JOIN LATERAL unnest(ARRAY[before.id, now.id]) AS each (id)\n        WHERE each.id IS NOT NULL;\n        PERFORM helfer_refresh_offers_of_persons(lives);\n        PERFORM helfer_refresh_profiles_of_persons(profiles);\nRETURN NULL;",
                    hash="3993fbce3f38b2d6119ec1e6bd4bc5effa1db756",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_offers_follow_changed_persons_8762f",
                    referencing="REFERENCING OLD TABLE AS old_rows  NEW TABLE AS new_rows ",
                    table="people_person",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL("SELECT helfer_rebuild_offers()", migrations.RunSQL.noop),
    ]
