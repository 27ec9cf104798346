"""Every kind of backup target, and those that the configuration names."""

from reviewengine import conf
from reviewengine.backups.errors import BackupError
from reviewengine.backups.targets.base import BackupTarget
from reviewengine.backups.targets.local import LocalTarget

TARGETS: dict[str, type[BackupTarget]] = {
    LocalTarget.kind: LocalTarget,
}


def configured_targets() -> dict[str, BackupTarget]:
    """The targets of the configuration by name. Raises BackupError when one of them cannot be built."""
    return {name: _build(name, dict(options)) for name, options in conf.load().backups.targets.items()}


def find_target(name: str | None) -> BackupTarget:
    """The target of this name, or the first one. Raises BackupError when there is none."""
    targets = configured_targets()
    if not targets:
        raise BackupError("No backup target is configured.", "Add one under backups.targets, see config/default.yml.")
    if name is None:
        return next(iter(targets.values()))
    if name not in targets:
        raise BackupError(f"There is no backup target '{name}'.", f"Known are: {', '.join(targets)}.")
    return targets[name]


def _build(name: str, options: dict[str, object]) -> BackupTarget:
    kind = str(options.pop("kind", ""))
    if kind not in TARGETS:
        raise BackupError(f"Backup target '{name}': kind '{kind}' is not known.", f"Known are: {', '.join(TARGETS)}.")
    return TARGETS[kind].build(name, options)
