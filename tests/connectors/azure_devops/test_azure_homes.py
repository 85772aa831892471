from connectors.azure_devops.homes import MOST, Homes


def test_the_items_that_were_read_last_are_remembered() -> None:
    homes = Homes()
    for number in range(MOST + 1):
        homes.note(str(number), "Acme Shop")
        homes.note("0", "Acme Operations")
    assert homes.of("0") == "Acme Operations"
    assert homes.of("1") is None
    assert homes.of(str(MOST)) == "Acme Shop"
