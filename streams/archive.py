"""A store's archive: classes of storage that cost little and give nothing back at once (S3: Glacier)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

from streams.objects import Objects
from streams.store_errors import Missing, StoreDown, StoreRefused

ArchiveClass = Literal["GLACIER", "DEEP_ARCHIVE", "GLACIER_IR"]
CLASSES: tuple[str, ...] = get_args(ArchiveClass)
RULES = "lifecycle rules"
NO_RULES = "NoSuchLifecycleConfiguration"


class NoArchive(RuntimeError):
    """The store archives nothing by itself, or can't bring back what is archived."""


@dataclass(frozen=True)
class Rule:
    """Objects whose key begins with `prefix` go to `storage_class` once they are `days` old."""

    prefix: str
    days: int
    storage_class: ArchiveClass


class Archive:
    """The archive of the bucket of `objects`; the same errors, and NoArchive."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects

    async def restore(self, key: str, days: int) -> None:
        """Ask for an archived object, to be readable for `days` once it is there.

        That takes minutes to two days, by the class; `Objects.head` says whether it was asked for, and when it is
        done. S3 refuses to be asked again meanwhile.
        """
        await self._call("restore_object", key, Key=key, RestoreRequest={"Days": days})

    async def rule(self, name: str) -> Rule | None:
        """The rule of this name, if the bucket has it."""
        return next((_rule(one) for one in await self._rules() if one.get("ID") == name), None)

    async def put_rule(self, name: str, rule: Rule | None) -> None:
        """Have the bucket follow the rule from now on, None: none of this name. Other rules stay."""
        rules = [one for one in await self._rules() if one.get("ID") != name]
        rules += [_written(name, rule)] if rule else []
        if rules:
            await self._call("put_bucket_lifecycle_configuration", RULES, LifecycleConfiguration={"Rules": rules})
        else:
            await self._call("delete_bucket_lifecycle", RULES)

    async def _rules(self) -> list[dict[str, Any]]:
        try:
            return (await self._call("get_bucket_lifecycle_configuration", RULES))["Rules"]
        except Missing as error:
            if NO_RULES in str(error):
                return []
            raise

    async def _call(self, operation: str, what: str, **arguments: Any) -> Any:
        try:
            return await self._objects.call(operation, what, **arguments)
        except (StoreRefused, StoreDown) as error:
            if "NotImplemented" in str(error):
                raise NoArchive(f"{what}: the store of bucket {self._objects.bucket} can't: {operation}") from error
            raise


def _written(name: str, rule: Rule) -> dict[str, Any]:
    transition = {"Days": rule.days, "StorageClass": rule.storage_class}
    return {"ID": name, "Status": "Enabled", "Filter": {"Prefix": rule.prefix}, "Transitions": [transition]}


def _rule(written: dict[str, Any]) -> Rule:
    [transition] = written["Transitions"]
    return Rule(written["Filter"]["Prefix"], transition["Days"], transition["StorageClass"])
