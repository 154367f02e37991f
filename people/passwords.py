"""What the national scheme asks of a password beyond its length."""

from __future__ import annotations

from django.core.exceptions import ValidationError

RULE = "密码须同时含有大写字母、小写字母、数字和符号。"


class FourKindsValidator:
    """Capital and small letters, digits and signs, each at least once.

    Source: GB/T 22239-2019 8.1.4.1 a, as assessors read it
    """

    def validate(self, password: str, user: object = None) -> None:
        """Raises: ValidationError naming the kinds that are missing"""
        kinds = {
            "大写字母": any(ch.isascii() and ch.isupper() for ch in password),
            "小写字母": any(ch.isascii() and ch.islower() for ch in password),
            "数字": any(ch.isascii() and ch.isdigit() for ch in password),
            "符号": any(ch.isascii() and not ch.isalnum() and not ch.isspace() for ch in password),
        }
        missing = "、".join(name for name, is_there in kinds.items() if not is_there)
        if missing:
            raise ValidationError(f"{RULE}现在还缺：{missing}。", code="password_kinds")

    def get_help_text(self) -> str:
        """The rule, for the page."""
        return RULE
