import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('moderation', '0008_language_and_fingerprints'),
    ]

    operations = [
        migrations.AddField(
            model_name='termlist',
            name='kind',
            field=models.CharField(choices=[('terms', 'Terms'), ('blocked_domains', 'Blocked domains'), ('allowed_domains', 'Allowed domains'), ('protected_domains', 'Protected domains')], default='terms', max_length=20),
        ),
        migrations.AlterField(
            model_name='termlist',
            name='terms',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), help_text='One term, phrase or domain each.', size=None),
        ),
    ]
