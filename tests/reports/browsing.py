"""Asking pages of the reports floor as one person or another."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from people.models import User


def see(client: Client, user: User, name: str, *args: object, **query: object) -> Any:
    client.force_login(user)
    return client.get(reverse(f"reports:{name}", args=args), query)


def send(client: Client, user: User, name: str, *args: object, **facts: object) -> Any:
    client.force_login(user)
    return client.post(reverse(f"reports:{name}", args=args), facts)


def page(answer: HttpResponse) -> str:
    return answer.content.decode()
