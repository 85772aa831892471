from connectors.redmine.sweep import WIDTH, Sweep


def test_issues_take_turns_and_only_changed_ones_are_told() -> None:
    sweep = Sweep()
    sweep.read("sync", "1", "v1")
    sweep.read("sync", "2", "v1")
    assert sweep.next("sync") == "1"
    assert not sweep.has_moved("sync", "1", "v1")
    assert sweep.next("sync") == "2"
    assert sweep.has_moved("sync", "2", "v2")
    assert not sweep.has_moved("sync", "2", "v2")
    assert sweep.next("sync") == "1"
    assert sweep.next("ops") is None


def test_an_issue_that_was_handed_out_but_not_read_is_told_once() -> None:
    sweep = Sweep()
    sweep.handed_out("sync", "1")
    assert sweep.has_moved("sync", "1", "v1")
    assert not sweep.has_moved("sync", "1", "v1")


def test_the_oldest_make_room() -> None:
    sweep = Sweep()
    for number in range(WIDTH + 1):
        sweep.read("sync", str(number), "v1")
    assert sweep.next("sync") == "1"
    sweep.forget("sync", "1")
    sweep.forget("ops", "1")
    assert sweep.next("sync") == "2"
