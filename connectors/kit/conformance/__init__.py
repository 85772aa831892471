"""The suite that every connector passes: on its own fake, over HTTP, each capability that its `quality.toml` names.

`capability` has the names and `suite` the checks of each; a connector describes itself in `quality.toml` and in `conformance.py`.
`docs/connectors/writing.md` tells how. Nothing here needs a test framework.
"""
