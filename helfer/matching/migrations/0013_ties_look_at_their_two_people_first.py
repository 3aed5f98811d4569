"""A tie asks about the matches of its two people first, then for whom they are."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

import helfer.core.guards


class Migration(migrations.Migration):
    dependencies = [
        ("matching", "0012_three_cards_are_shown_together"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedtie",
            name="pair_is_blocked_only_after_its_matches_ended",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="guardedtie",
            name="tie_does_not_enter_a_relief_match",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedtie",
            trigger=pgtrigger.compiler.Trigger(
                name="pair_is_blocked_only_after_its_matches_ended",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (NEW.kind = 'block')",
                    func="IF EXISTS (\n        WITH helped AS MATERIALIZED (\n            SELECT m.id, m.request_id, h.person_id\n            FROM matching_match m\n            JOIN helpers_helperprofile h ON h.id = m.helper_id\n            WHERE h.person_id IN (NEW.person_a_id, NEW.person_b_id) AND helfer_is_open(m.state)\n        )\n        SELECT helped.id\n        FROM helped\n        JOIN help_requests_helprequest r ON r.id = helped.request_id\n        JOIN people_helpseeker s ON s.id = r.help_seeker_id\n        WHERE s.person_id IN (NEW.person_a_id, NEW.person_b_id) AND s.person_id <> helped.person_id\n    ) THEN RAISE EXCEPTION USING MESSAGE = 'Beenden Sie zuerst die Vermittlungen zwischen diesen beiden.', ERRCODE = 'check_violation', CONSTRAINT = 'pair_is_blocked_only_after_its_matches_ended'; END IF;\nRETURN NULL;",
                    hash="c83c69667aab86661df657b2c9fefc71e3d0c311",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_pair_is_blocked_only_after_its_matches_ended_36a51",
                    table="people_tie",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="guardedtie",
            trigger=pgtrigger.compiler.Trigger(
                name="tie_does_not_enter_a_relief_match",
                sql=helfer.core.guards.GuardSql(
                    condition="WHEN (NEW.kind IN ('relative', 'in_law', 'household', 'caregiver'))",
                    declare="DECLARE refusal text;",
                    func="IF 'tied' = ANY (ARRAY(\n                SELECT helfer_model_refusal(match, false) FROM (\n        WITH helped AS MATERIALIZED (\n            SELECT m.id, m.request_id, h.person_id\n            FROM matching_match m\n            JOIN helpers_helperprofile h ON h.id = m.helper_id\n            WHERE h.person_id IN (NEW.person_a_id, NEW.person_b_id) AND helfer_is_running(m.state)\n        )\n        SELECT helped.id\n        FROM helped\n        JOIN help_requests_helprequest r ON r.id = helped.request_id\n        JOIN people_helpseeker s ON s.id = r.help_seeker_id\n        WHERE s.person_id IN (NEW.person_a_id, NEW.person_b_id) AND s.person_id <> helped.person_id\n    ) AS found (match)\n            )) THEN\n                RAISE EXCEPTION USING MESSAGE = 'Beenden Sie zuerst die Vermittlung über den Entlastungsbetrag zwischen diesen beiden.', ERRCODE = 'check_violation', CONSTRAINT = 'tie_does_not_enter_a_relief_match';\n            END IF;\nRETURN NULL;",
                    hash="7192d954b7820a16899da7bc9e63b99ce73f7fbc",
                    operation="INSERT OR UPDATE",
                    pgid="pgtrigger_tie_does_not_enter_a_relief_match_26eea",
                    table="people_tie",
                    when="AFTER",
                ),
            ),
        ),
    ]
