"""A further role that requires what another offer's role requires reads no proofs: that offer has its days."""

from importlib import import_module

from django.db import migrations

before = import_module("helfer.matching.migrations.0016_a_further_role_reads_its_own_proofs")


def _required(role: str) -> str:
    return f"""ARRAY(
        SELECT training_id FROM catalogue_role_required_trainings WHERE role_id = {role} ORDER BY training_id
    )"""  # noqa: S608 - our own words only


_PROVEN = "helfer_qualified(helper, offered.role_id)"
# The days hang on the helper's proofs and on what is required, and on nothing else.
OF_ROLE = before.OF_ROLE.replace(
    f"THEN {_PROVEN} ELSE",
    f"""THEN CASE WHEN {_required("offered.role_id")} = {_required("kept.role_id")}
                THEN kept.qualified ELSE {_PROVEN} END ELSE""",
)


class Migration(migrations.Migration):
    dependencies = [("matching", "0018_public_numbers_are_kept")]

    operations = [migrations.RunSQL(OF_ROLE, before.OF_ROLE)]
