"""Unit, Person, Post and Delegation."""

from fadu.units.models.delegation import Delegation
from fadu.units.models.person import Person
from fadu.units.models.post import Post
from fadu.units.models.unit import Unit

__all__ = ["Delegation", "Person", "Post", "Unit"]
