"""The editors' group may write pages, pictures and files, and nothing else."""

from django.db import migrations

GROUP = "Redaktion"
PAGES = ("add_page", "change_page", "publish_page", "lock_page", "unlock_page", "bulk_delete_page")
COLLECTIONS = {
    "wagtailimages": ("add_image", "change_image", "choose_image"),
    "wagtaildocs": ("add_document", "change_document", "choose_document"),
}


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


def allow(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    Page = apps.get_model("wagtailcore", "Page")
    Collection = apps.get_model("wagtailcore", "Collection")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")

    group = Group.objects.get_or_create(name=GROUP)[0]
    group.permissions.add(
        permission(apps, "wagtailadmin", "admin", "access_admin"),
        permission(apps, "cms", "sitenotes", "change_sitenotes"),
    )
    for page in Page.objects.filter(depth=1):
        for codename in PAGES:
            GroupPagePermission.objects.get_or_create(
                group=group, page=page, permission=permission(apps, "wagtailcore", "page", codename)
            )
    for collection in Collection.objects.filter(depth=1):
        for app_label, codenames in COLLECTIONS.items():
            for codename in codenames:
                GroupCollectionPermission.objects.get_or_create(
                    group=group,
                    collection=collection,
                    permission=permission(apps, app_label, codename.split("_")[1], codename),
                )
    # Wagtail brings groups of its own, which nobody here is in.
    Group.objects.filter(name__in=["Editors", "Moderators"]).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_the_first_page_is_ours"),
        ("people", "0005_editors_are_in_their_group"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
        ("wagtailcore", "0098_apitoken"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailimages", "0027_image_description"),
    ]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
