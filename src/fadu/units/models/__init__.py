"""Unit, Person, Post, Delegation, ApiToken with its Scope, and SignIn."""

from fadu.units.models.api_token import ApiToken, Scope
from fadu.units.models.delegation import Delegation
from fadu.units.models.person import Person
from fadu.units.models.post import Post
from fadu.units.models.sign_in import SignIn
from fadu.units.models.unit import Unit

__all__ = ["ApiToken", "Delegation", "Person", "Post", "Scope", "SignIn", "Unit"]
