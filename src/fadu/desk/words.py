"""Moved to fadu.words."""

from fadu.words import *  # noqa: F403
