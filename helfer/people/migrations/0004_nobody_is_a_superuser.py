from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("people", "0003_district_and_quarter_follow_the_home")]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=Q(is_superuser=False),
                name="user_is_never_a_superuser",
                violation_error_message="Zugänge, die alles dürfen, gibt es nicht.",
            ),
        ),
    ]
