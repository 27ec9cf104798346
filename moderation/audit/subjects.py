"""What the record calls a model's rows: one name for whoever writes of them and whoever looks for them."""

from django.db.models import Model

from moderation.enums import SubjectType

# Those that the steps call otherwise than the console does; the others are named as in the console.
_NAMES = {"reviewcase": SubjectType.CASE}


def subject_type_of(model: type[Model] | Model) -> str:
    """The model as AuditEntry writes it: ``review_queue``."""
    meta = model._meta
    named = _NAMES.get(str(meta.model_name))
    return named or str(meta.verbose_name_raw).lower().replace(" ", "_")  # in English, whoever asks
