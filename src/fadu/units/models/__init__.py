"""Unit, Person, Post, Delegation and ApiToken."""

from fadu.units.models.api_token import ApiToken
from fadu.units.models.delegation import Delegation
from fadu.units.models.person import Person
from fadu.units.models.post import Post
from fadu.units.models.unit import Unit

__all__ = ["ApiToken", "Delegation", "Person", "Post", "Unit"]
