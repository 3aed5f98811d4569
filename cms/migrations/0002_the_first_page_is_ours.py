"""A new installation begins with an own first page in place of Wagtail's greeting."""

from django.db import migrations

TITLE = "Nachbarn helfen im Alter"
INTRO = "Ihr Seniorenbüro bringt Menschen zusammen: die Hilfe brauchen, und die gern helfen."


def put_first_page(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    HomePage = apps.get_model("cms", "HomePage")
    Locale = apps.get_model("wagtailcore", "Locale")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")

    Locale.objects.filter(language_code="en").update(language_code="de")
    locale = Locale.objects.get_or_create(language_code="de")[0]
    # Wagtail's greeting lies at this path; everything else stays.
    Page.objects.filter(path="00010001", slug="home").delete()
    if Page.objects.filter(path="00010001").exists():
        return
    home = HomePage.objects.create(
        title=TITLE,
        draft_title=TITLE,
        intro=INTRO,
        slug="start",
        path="00010001",
        depth=2,
        numchild=0,
        url_path="/start/",
        content_type=ContentType.objects.get_or_create(model="homepage", app_label="cms")[0],
        locale=locale,
    )
    Page.objects.filter(path="0001").update(numchild=1)
    Site.objects.all().delete()
    Site.objects.create(hostname="localhost", site_name="Helfer", root_page=home, is_default_site=True)


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0001_initial"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [migrations.RunPython(put_first_page, migrations.RunPython.noop)]
