"""What of GraphQL the fake knows: issues and what is around them, and the mutations that change them.

https://docs.github.com/en/graphql/guides/forming-calls-with-graphql
"""

from dataclasses import replace

from starlette.responses import Response

from connectors.github.fake_call import Call, Problem, json_answer
from connectors.github.fake_gql import ParseError, parse
from connectors.github.fake_gql_cost import MOST_NODES, cost_of
from connectors.github.fake_gql_roots import TYPES
from connectors.github.fake_gql_run import Node, Run
from connectors.github.fake_gql_types import KINDS
from connectors.github.fake_gql_writes import MUTATIONS


async def graphql(call: Call) -> Response:
    """GraphQL answers 200 whatever happens."""
    query, variables, operation = (call.body.get(name) for name in ("query", "variables", "operationName"))
    if not isinstance(query, str):
        raise Problem(400, "A query attribute must be specified and must be a string.")
    try:
        document = parse(query, variables if isinstance(variables, dict) else {}, str(operation or ""))
    except ParseError as error:
        return json_answer({"errors": [{"message": str(error), "locations": [{"line": 1, "column": 1}]}]})
    call = replace(call, cost=cost_of(document))
    if call.cost.nodes > MOST_NODES:
        message = f"This query requests up to {call.cost.nodes:,} possible nodes which exceeds the maximum limit of {MOST_NODES:,}."
        return json_answer({"errors": [{"type": "MAX_NODE_LIMIT_EXCEEDED", "message": message}]})
    if not call.world.limits.take(call.user.login, "graphql", call.cost.points):
        message = f"API rate limit exceeded for user ID {call.user.id}."
        return json_answer({"errors": [{"type": "RATE_LIMITED", "message": message}]})
    run = Run(call, document, TYPES, KINDS)
    return json_answer(await run.mutate(MUTATIONS) if document.kind == "mutation" else run.answer(Node("Query", None)))
