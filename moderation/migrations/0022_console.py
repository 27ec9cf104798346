"""The console: levels, assignments, holds on decisions, notes, quality, care, reasons, bulk runs, saved filters."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.utils.timezone
import moderation.models.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('moderation', '0021_content_by_change'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BulkItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content_version', models.PositiveIntegerField()),
                ('refusal', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name='BulkRun',
            fields=[
                ('id', models.UUIDField(default=moderation.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('selection', models.JSONField(default=dict)),
                ('outcome', models.CharField(choices=[('approve', 'approve'), ('reject', 'reject')], max_length=10)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('reasoning', models.CharField(blank=True, max_length=1000)),
                ('status', models.CharField(choices=[('running', 'Running'), ('done', 'Done'), ('undone', 'Undone')], default='running', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('finished_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='DecisionHold',
            fields=[
                ('decision', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='hold', serialize=False, to='moderation.decision')),
                ('kind', models.CharField(choices=[('undo', 'Undo'), ('second', 'Second Person')], max_length=10)),
                ('status', models.CharField(choices=[('held', 'Held'), ('released', 'Released'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='held', max_length=10)),
                ('reason', models.CharField(blank=True, max_length=300)),
                ('release_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Exposure',
            fields=[
                ('id', models.UUIDField(default=moderation.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('is_graphic', models.BooleanField(default=False)),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_seen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('open_seconds', models.PositiveIntegerField(default=0)),
                ('uncovered_seconds', models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='GoldenCase',
            fields=[
                ('id', models.UUIDField(default=moderation.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('content_version', models.PositiveIntegerField()),
                ('outcome', models.CharField(choices=[('approve', 'approve'), ('reject', 'reject')], max_length=10)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('explanation', models.CharField(blank=True, max_length=1000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('retired_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='ModeratorSettings',
            fields=[
                ('moderator', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='moderator_settings', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('blur_images', models.BooleanField(default=True)),
                ('grey_images', models.BooleanField(default=True)),
                ('mute_sound', models.BooleanField(default=True)),
                ('covered_categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('opted_out', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('single_keys', models.BooleanField(default=True)),
                ('daily_cap', models.PositiveIntegerField(blank=True, null=True)),
                ('break_after_minutes', models.PositiveIntegerField(blank=True, null=True)),
                ('updated_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'verbose_name_plural': 'moderator settings',
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.UUIDField(default=moderation.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('subject', models.CharField(choices=[('content', 'Content'), ('author', 'Author')], max_length=10)),
                ('text', models.CharField(max_length=2000)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
        ),
        migrations.CreateModel(
            name='NoteMention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='QualityReview',
            fields=[
                ('id', models.UUIDField(default=moderation.models.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('double', 'Double'), ('golden', 'Golden')], max_length=10)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), default=list, size=None)),
                ('outcome', models.CharField(choices=[('approve', 'approve'), ('reject', 'reject')], max_length=10)),
                ('label', models.CharField(blank=True, max_length=40)),
                ('reasoning', models.CharField(blank=True, max_length=1000)),
                ('private_note', models.CharField(blank=True, max_length=2000)),
                ('expected_outcome', models.CharField(choices=[('approve', 'approve'), ('reject', 'reject')], max_length=10)),
                ('expected_label', models.CharField(blank=True, max_length=40)),
                ('agrees', models.BooleanField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_outcome', models.CharField(blank=True, choices=[('approve', 'approve'), ('reject', 'reject')], max_length=10)),
            ],
        ),
        migrations.CreateModel(
            name='RejectionReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.SlugField(max_length=40, unique=True)),
                ('text', models.CharField(max_length=60)),
                ('key', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('categories', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, default=list, size=None)),
                ('retired', models.BooleanField(default=False)),
            ],
            options={
                'ordering': ['key', 'label'],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('page', models.CharField(max_length=100)),
                ('name', models.CharField(max_length=80)),
                ('query', models.CharField(blank=True, max_length=2000)),
                ('shared', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AlterModelOptions(
            name='reviewcase',
            options={'permissions': [('decide_escalated', 'Can decide what others escalate'), ('bulk_decide', 'Can decide in bulk')]},
        ),
        migrations.RemoveConstraint(
            model_name='reviewcase',
            name='review_case_one_open_a_content',
        ),
        migrations.RemoveConstraint(
            model_name='reviewcase',
            name='review_case_resolved_by_decision',
        ),
        migrations.RemoveIndex(
            model_name='reviewcase',
            name='review_case_next',
        ),
        migrations.RemoveIndex(
            model_name='reviewcase',
            name='review_case_next_of_client',
        ),
        migrations.RemoveIndex(
            model_name='reviewcase',
            name='review_case_client',
        ),
        migrations.AddField(
            model_name='author',
            name='reach',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='decision',
            name='label',
            field=models.CharField(blank=True, db_default='', default='', max_length=40),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='assigned_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='assigned_to',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_cases', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='assigned_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='assignment_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=500),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='categories',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=40), blank=True, db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='escalated_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='escalated_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='escalation_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=1000),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='level',
            field=models.PositiveSmallIntegerField(db_default=1, default=1),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='on_hold_until',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='priority_terms',
            field=models.JSONField(blank=True, db_default={}, default=dict),
        ),
        migrations.AddField(
            model_name='reviewqueue',
            name='double_percent',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='reviewqueue',
            name='due_clock',
            field=models.CharField(choices=[('clock', 'Every hour'), ('business', 'Business hours')], db_default='clock', default='clock', max_length=10),
        ),
        migrations.AddField(
            model_name='reviewqueue',
            name='golden_percent',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name='reviewqueue',
            name='position',
            field=models.PositiveSmallIntegerField(db_default=100, default=100),
        ),
        migrations.AddField(
            model_name='reviewqueue',
            name='routing',
            field=models.TextField(blank=True, db_default='', default=''),
        ),
        migrations.AlterField(
            model_name='reviewcase',
            name='source',
            field=models.CharField(choices=[('policy', 'Policy'), ('report', 'Report'), ('double', 'Double'), ('golden', 'Golden')], db_default='policy', default='policy', max_length=10),
        ),
        migrations.AlterField(
            model_name='reviewcase',
            name='status',
            field=models.CharField(choices=[('open', 'Open'), ('decided', 'Decided'), ('resolved', 'Resolved'), ('cancelled', 'Cancelled')], default='open', max_length=10),
        ),
        migrations.AddField(
            model_name='reviewcase',
            name='rank',
            field=models.GeneratedField(db_persist=True, expression=django.db.models.expressions.RawSQL("extract(epoch FROM opened_at AT TIME ZONE 'UTC')::bigint - priority * 1800", ()), output_field=models.BigIntegerField()),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['queue', 'level', 'rank', 'id'], name='review_case_next'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['client', 'queue', 'level', 'rank', 'id'], name='review_case_next_of_client'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['client', 'rank', 'id'], name='review_case_client'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['assigned_to'], name='review_case_assigned'),
        ),
        migrations.AddIndex(
            model_name='reviewcase',
            index=models.Index(condition=models.Q(('status', 'open')), fields=['queue', 'due_at'], name='review_case_due'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('open', 'decided')), models.Q(('source__in', ('double', 'golden')), _negated=True)), fields=('content',), name='review_case_one_open_a_content'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'resolved'), _negated=True), models.Q(('decision__isnull', False), ('resolved_at__isnull', False)), models.Q(('resolved_at__isnull', False), ('source__in', ('double', 'golden'))), _connector='OR'), name='review_case_resolved_by_decision'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('status', 'decided'), _negated=True), ('decision__isnull', False), _connector='OR'), name='review_case_decided_by_decision'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('assigned_to', None), ('assigned_until', None), ('on_hold_until', None)), models.Q(('assigned_to__isnull', False), ('assigned_until__isnull', False)), _connector='OR'), name='review_case_assignment_whole'),
        ),
        migrations.AddConstraint(
            model_name='reviewcase',
            constraint=models.CheckConstraint(condition=models.Q(('level__in', [1, 2])), name='review_case_level'),
        ),
        migrations.AddConstraint(
            model_name='reviewqueue',
            constraint=models.CheckConstraint(condition=models.Q(('double_percent__lte', 100), ('golden_percent__lte', 100)), name='review_queue_shares'),
        ),
        migrations.AddField(
            model_name='bulkitem',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='moderation.reviewcase'),
        ),
        migrations.AddField(
            model_name='bulkitem',
            name='decision',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='bulk_item', to='moderation.decision'),
        ),
        migrations.AddField(
            model_name='bulkrun',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bulk_runs', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bulkitem',
            name='run',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='moderation.bulkrun'),
        ),
        migrations.AddField(
            model_name='decisionhold',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='holds', to='moderation.reviewcase'),
        ),
        migrations.AddField(
            model_name='decisionhold',
            name='ended_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exposure',
            name='content',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='exposures', to='moderation.content'),
        ),
        migrations.AddField(
            model_name='exposure',
            name='moderator',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='exposures', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='goldencase',
            name='added_by',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='goldencase',
            name='content',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='golden_cases', to='moderation.content'),
        ),
        migrations.AddField(
            model_name='goldencase',
            name='queue',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='golden_cases', to='moderation.reviewqueue'),
        ),
        migrations.AddField(
            model_name='goldencase',
            name='result',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.moderationresult'),
        ),
        migrations.AddField(
            model_name='note',
            name='author',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='moderation.author'),
        ),
        migrations.AddField(
            model_name='note',
            name='content',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='moderation.content'),
        ),
        migrations.AddField(
            model_name='note',
            name='writer',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='notemention',
            name='note',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentions', to='moderation.note'),
        ),
        migrations.AddField(
            model_name='notemention',
            name='person',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='note_mentions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='quality_review', to='moderation.reviewcase'),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='content',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='moderation.content'),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='first_decision',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quality_reviews', to='moderation.decision'),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='golden',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='quality_reviews', to='moderation.goldencase'),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='moderator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='quality_reviews', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='queue',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='moderation.reviewqueue'),
        ),
        migrations.AddField(
            model_name='qualityreview',
            name='settled_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rejectionreason',
            name='queues',
            field=models.ManyToManyField(blank=True, related_name='reasons', to='moderation.reviewqueue'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='bulkitem',
            constraint=models.UniqueConstraint(fields=('run', 'case'), name='bulk_item_once_a_run'),
        ),
        migrations.AddIndex(
            model_name='decisionhold',
            index=models.Index(condition=models.Q(('release_at__isnull', False), ('status', 'held')), fields=['release_at'], name='decision_hold_due'),
        ),
        migrations.AddIndex(
            model_name='decisionhold',
            index=models.Index(condition=models.Q(('status', 'held')), fields=['kind', 'created_at'], name='decision_hold_held'),
        ),
        migrations.AddConstraint(
            model_name='decisionhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('status', 'held')), models.Q(models.Q(('status', 'held'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='decision_hold_ended_fits_status'),
        ),
        migrations.AddConstraint(
            model_name='decisionhold',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'undo'), ('release_at__isnull', False)), models.Q(('kind', 'second'), ('release_at', None)), _connector='OR'), name='decision_hold_ends_by_time_or_person'),
        ),
        migrations.AddIndex(
            model_name='exposure',
            index=models.Index(fields=['moderator', '-started_at'], name='exposure_of_moderator'),
        ),
        migrations.AddConstraint(
            model_name='goldencase',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_at', None)), fields=('content', 'content_version'), name='golden_case_one_in_use'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('author', None), ('content__isnull', False), ('subject', 'content')), models.Q(('author__isnull', False), ('content', None), ('subject', 'author')), _connector='OR'), name='note_has_its_subject'),
        ),
        migrations.AddIndex(
            model_name='notemention',
            index=models.Index(condition=models.Q(('seen_at', None)), fields=['person'], name='note_mention_unseen'),
        ),
        migrations.AddConstraint(
            model_name='notemention',
            constraint=models.UniqueConstraint(fields=('note', 'person'), name='note_mention_once'),
        ),
        migrations.AddIndex(
            model_name='qualityreview',
            index=models.Index(fields=['created_at'], name='quality_review_created_at'),
        ),
        migrations.AddIndex(
            model_name='qualityreview',
            index=models.Index(condition=models.Q(('agrees', False), ('kind', 'double'), ('settled_at', None)), fields=['created_at'], name='quality_review_disagreement'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('first_decision__isnull', False), ('golden', None), ('kind', 'double')), models.Q(('first_decision', None), ('golden__isnull', False), ('kind', 'golden')), _connector='OR'), name='quality_review_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='qualityreview',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at', None), ('settled_by', None), ('settled_outcome', '')), models.Q(('settled_at__isnull', False), ('settled_by__isnull', False), models.Q(('settled_outcome', ''), _negated=True)), _connector='OR'), name='quality_review_settled_whole'),
        ),
        migrations.AddConstraint(
            model_name='rejectionreason',
            constraint=models.CheckConstraint(condition=models.Q(('key', None), ('key__range', (1, 9)), _connector='OR'), name='rejection_reason_key'),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('owner', 'page', 'name'), name='saved_filter_name'),
        ),
    ]
