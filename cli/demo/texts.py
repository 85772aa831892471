"""The rules and the texts of the demo."""

TYPES_OUT = """\
replica.summary     = issue.summary
replica.description = issue.description
replica.type        = issue.type
replica.status      = issue.status
replica.priority    = issue.priority
replica.labels      = issue.labels
replica.comments    = issue.comments
"""

JIRA_IN = """\
def types = ["Bug": "Bug", "Feature": "Story", "Task": "Task"]
issue.summary     = replica.summary
issue.description = replica.description
issue.labels      = replica.labels
issue.typeName    = types[replica.type?.name] ?: "Task"
issue.comments    = commentHelper.mergeComments(issue, replica)

if (replica.status?.name == "closed") {
    issue.setStatus("Done")
} else if (!firstSync && issue.status?.name == "Done") {
    issue.setStatus("In Progress")
}
"""

GITHUB_IN = """\
def types = ["Bug": "Bug", "Story": "Feature", "Task": "Task"]
issue.summary     = replica.summary
issue.description = replica.description
issue.labels      = replica.labels
issue.typeName    = types[replica.type?.name] ?: "Task"
issue.comments    = commentHelper.mergeComments(issue, replica)
issue.setStatus(replica.status?.name == "Done" ? "closed" : "open")
"""

RICH = """\
Steps for <span adf="mention" params='{"id":"ann"}'>@Ann Archer</span>:

- put an *anvil* into the basket
- pay with `card.expired = true`
- wait 😀

| field | value |
| --- | --- |
| شحنة | قيد الانتظار |
| משלוח | ממתין |

```python
assert basket.total() == 0
```
"""

SUBJECTS = ("Basket", "Checkout", "Search", "Invoice", "Parcel", "Login", "Voucher", "Catalogue", "Newsletter", "Returns")
TROUBLES = ("loses anvils", "answers too late", "shows the wrong price", "forgets the customer")


def summary(number: int) -> str:
    """A summary for the item of that number, different for each below forty."""
    return f"{SUBJECTS[number % 10]} {TROUBLES[number // 10 % 4]}"
