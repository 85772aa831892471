"""What all connectors share: the contract, HTTP, limits, webhooks, rich text, fakes."""
