import django.db.models.deletion
from django.db import migrations, models

# Deferred checks of what was just written would keep the column from being altered in the same transaction.
FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE moderation_reviewcase c SET client_id = o.client_id FROM content o WHERE o.id = c.content_id;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0016_key_names_and_networks'),
    ]

    operations = [
        migrations.AddField(
            model_name='reviewcase',
            name='client',
            field=models.ForeignKey(db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.apiclient'),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='reviewcase',
            name='client',
            field=models.ForeignKey(db_index=False, editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.apiclient'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['client', 'queue', '-priority', 'opened_at', 'id'], name='review_case_next_of_client'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['client', '-priority', 'opened_at', 'id'], name='review_case_client'),
        ),
    ]
