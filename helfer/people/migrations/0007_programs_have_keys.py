import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_history_is_kept"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApiToken",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="wofür")),
                ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                ("created_at", models.DateTimeField(verbose_name="angelegt am")),
                ("expires_at", models.DateTimeField(verbose_name="gilt bis")),
                ("last_used_on", models.DateField(blank=True, null=True, verbose_name="zuletzt benutzt am")),
                ("revoked_at", models.DateTimeField(blank=True, null=True, verbose_name="gesperrt am")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="program_keys",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Zugang",
                    ),
                ),
            ],
            options={
                "verbose_name": "Schlüssel für Programme",
                "verbose_name_plural": "Schlüssel für Programme",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("expires_at__gt", models.F("created_at"))),
                        name="api_token_ends_after_it_begins",
                        violation_error_message="Das Ende liegt vor dem Anfang.",
                    )
                ],
            },
        ),
    ]
