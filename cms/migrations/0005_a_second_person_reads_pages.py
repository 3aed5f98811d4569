"""Editors may ask a second one of them to read a page first, and they keep the redirects."""

from django.db import migrations

GROUP = "Redaktion"
NAME = "Gegenlesen"


def permission(apps, app_label, model, codename):
    """Permissions are otherwise made only after all migrations have run."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Permission = apps.get_model("auth", "Permission")
    content_type = ContentType.objects.get_or_create(app_label=app_label, model=model)[0]
    return Permission.objects.get_or_create(
        content_type=content_type,
        codename=codename,
        defaults={"name": codename.replace("_", " ").capitalize()},
    )[0]


def begin(apps, schema_editor):
    ContentType = apps.get_model("contenttypes", "ContentType")
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    SecondReader = apps.get_model("cms", "SecondReader")
    Workflow = apps.get_model("wagtailcore", "Workflow")
    WorkflowPage = apps.get_model("wagtailcore", "WorkflowPage")
    WorkflowTask = apps.get_model("wagtailcore", "WorkflowTask")

    group = Group.objects.get_or_create(name=GROUP)[0]
    group.permissions.add(
        *(
            permission(apps, "wagtailredirects", "redirect", codename)
            for codename in ("add_redirect", "change_redirect", "delete_redirect")
        )
    )
    task = SecondReader.objects.create(
        name=NAME,
        active=True,
        content_type=ContentType.objects.get_or_create(app_label="cms", model="secondreader")[0],
    )
    task.groups.add(group)
    # Wagtail's own asks a group that nobody here is in.
    WorkflowPage.objects.all().delete()
    Workflow.objects.update(active=False)
    workflow = Workflow.objects.create(name=NAME, active=True)
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    for page in Page.objects.filter(depth=1):
        WorkflowPage.objects.create(workflow=workflow, page=page)


def end(apps, schema_editor):
    Workflow = apps.get_model("wagtailcore", "Workflow")
    Workflow.objects.filter(name=NAME).delete()
    apps.get_model("cms", "SecondReader").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0004_news_events_roles_and_forms"),
        ("wagtailredirects", "0008_add_verbose_name_plural"),
    ]

    operations = [migrations.RunPython(begin, end)]
