"""The same matters for programs: JSON over HTTP, made from the definitions, described by OpenAPI 3.1."""
