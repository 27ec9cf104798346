import django.contrib.postgres.fields
from django.db import migrations, models

import moderation.models.client


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0015_webhook_api_and_usage'),
    ]

    operations = [
        migrations.AddField(
            model_name='apikey',
            name='name',
            field=models.CharField(blank=True, default='', help_text='What it is used for, in your words.', max_length=100),
        ),
        migrations.AddField(
            model_name='apikey',
            name='allowed_networks',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=43, validators=[moderation.models.client.validate_network]), blank=True, default=list, help_text='Networks it may be used from, such as 203.0.113.0/24, with commas between; empty: from anywhere.', size=None),
        ),
    ]
