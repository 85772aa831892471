"""Ways to break the engine, one at a time, each a replacement of one passage."""

from tests.mutation.content import CONTENT
from tests.mutation.crossing import CROSSING
from tests.mutation.effects import EFFECTS
from tests.mutation.flow import FLOW

MUTANTS = (*CONTENT, *EFFECTS, *FLOW, *CROSSING)
