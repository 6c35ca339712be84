"""The cache table that holds the sign-in rate limits, so that `migrate` alone makes a working database."""

from django.apps.registry import Apps
from django.core.management import call_command
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create_table(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    call_command("createcachetable", database=schema_editor.connection.alias, verbosity=0)


class Migration(migrations.Migration):
    dependencies = [("units", "0001_people_and_units")]
    operations = [migrations.RunPython(create_table, migrations.RunPython.noop)]
